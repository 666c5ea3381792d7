import { ClusterError, errorMessage } from '../errors.ts';
import type { Clock, Log, ObjectList } from '../ports.ts';
import type { KubernetesObject } from '../rollout/objects.ts';
import type { WatchEvent } from './watch-stream.ts';

/** The objects to follow, as the API serves them. Both methods throw ClusterError. */
export interface Source<T extends KubernetesObject> {
  readonly title: string;
  /**
   * Whether a watch may begin without a list. The server then sends what exists as added events first ("get state and
   * start at any", kubernetes.io/docs/reference/using-api/api-concepts), without a mark where these end: fit for sets
   * that fill one by one anyway.
   */
  readonly listsByWatching: boolean;
  list(signal: AbortSignal): Promise<ObjectList<T>>;
  /** Batches of events; an empty one first, once the server has accepted the watch. */
  watch(version: string | undefined, signal: AbortSignal): AsyncIterable<readonly WatchEvent<T>[]>;
}

export interface FollowTools {
  readonly clock: Clock;
  readonly log: Log;
  /** What was told already, by any follow of a client: whoever looks again and again is not told so each time. */
  readonly told: Told;
}

interface Told {
  /** For good. */
  readonly refusals: Set<string>;
  /** Until the API server answers again. */
  readonly outages: Set<string>;
}

const POLL_MS = 2_000;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;
/** Milliseconds in which an accepted watch without a list sends what exists; after these, the set counts as empty. */
const FIRST_EVENTS_MS = 150;

/** What is known so far: the objects by uid, and the version to watch from. */
interface View<T> {
  set: Map<string, T> | undefined;
  version: string | undefined;
}

/**
 * Yields the current set of a source, at first and whenever it changes, until `signal` aborts: lists, watches, resumes
 * where a watch closed, lists again after 410, and polls where watching is forbidden. An API server that cannot be
 * reached is waited for; any other refusal throws ClusterError.
 */
export async function* follow<T extends KubernetesObject>(
  source: Source<T>,
  signal: AbortSignal,
  known: ObjectList<T> | undefined,
  { clock, log, told }: FollowTools,
): AsyncGenerator<readonly T[]> {
  // Many follows may share the caller's signal; this one adds its listeners to a signal of its own.
  const own = AbortSignal.any([signal]);
  const view: View<T> = { set: known && byUid(known.items), version: known?.resourceVersion || undefined };
  let polling = false;
  let failures = 0;
  let lost = false;
  const warnOnce = (text: string, among: Set<string>) => {
    if (!among.has(text)) log.warn(text);
    among.add(text);
  };

  if (known) yield known.items;
  while (!own.aborted) {
    const started = clock.now();
    try {
      for await (const changed of polling ? relist(source, view, own) : watch(source, view, clock, own)) {
        lost = false;
        told.outages.clear();
        if (!changed) continue;
        failures = 0;
        if (!own.aborted) yield [...(view.set?.values() ?? [])];
      }
      // A server that closes every watch at once is not asked again at once.
      failures = clock.now() - started < MAX_PAUSE_MS ? failures + 1 : 0;
    } catch (error) {
      if (own.aborted) return;
      failures += 1;
      if (error instanceof ClusterError) {
        if (error.kind === 'forbidden' && !polling && (view.set !== undefined || source.listsByWatching)) {
          polling = true;
          warnOnce(`${error.message}; reading every ${POLL_MS / 1000} s until then`, told.refusals);
        } else if (error.kind !== 'unreachable') throw error;
        else if (!lost) warnOnce(`${error.message} (waiting for it)`, told.outages);
        lost = true;
      } else log.debug(`${source.title}: the watch broke (${errorMessage(error)})`);
    }
    await clock.sleep(polling ? POLL_MS : Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), MAX_PAUSE_MS), own);
  }
}

/** Where nothing was told yet. */
export function nothingTold(): Told {
  return { refusals: new Set(), outages: new Set() };
}

/** Reads the set once; yields whether it changed. */
async function* relist<T extends KubernetesObject>(
  source: Source<T>,
  view: View<T>,
  signal: AbortSignal,
): AsyncGenerator<boolean> {
  const list = await source.list(signal);
  const changed = view.set === undefined || differs(view.set, list.items);
  view.set = byUid(list.items);
  view.version = list.resourceVersion || undefined;
  yield changed;
}

/** Follows one watch to its end; yields after each batch whether the set changed. */
async function* watch<T extends KubernetesObject>(
  source: Source<T>,
  view: View<T>,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<boolean> {
  const listing = view.set === undefined && source.listsByWatching;
  if (view.version === undefined && !listing) yield* relist(source, view, signal);
  const events = source.watch(view.version, signal);
  for await (const batch of listing ? emptyIfQuiet(events, clock, signal) : events) {
    const expired = batch.some(({ type }) => type === 'ERROR');
    // Where nothing exists, a real server says so by a bookmark at once.
    const isFirst = view.set === undefined && !expired;
    view.set ??= new Map();
    const set = view.set;
    const changes = batch.filter((event) => event.type !== 'BOOKMARK' && event.type !== 'ERROR');
    for (const { type, object } of changes) {
      if (type === 'DELETED') set.delete(object.metadata.uid);
      else set.set(object.metadata.uid, object);
    }
    view.version = expired ? undefined : resumeAt(batch, listing, view.version);
    yield changes.length > 0 || (listing && isFirst);
    if (expired) return;
  }
}

/** The added events that stand for a list come in any order: only a bookmark says that they are all there. */
function resumeAt<T extends KubernetesObject>(
  batch: readonly WatchEvent<T>[],
  listing: boolean,
  version: string | undefined,
): string | undefined {
  const partial = listing && version === undefined;
  const last = batch.findLast(({ type }) => type === 'BOOKMARK' || !partial);
  return last && last.type !== 'ERROR' ? last.object.metadata.resourceVersion : version;
}

/** Holds the empty first batch back, and drops it when the server goes on with what exists. */
async function* emptyIfQuiet<B>(
  batches: AsyncIterable<readonly B[]>,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<readonly B[]> {
  const iterator = batches[Symbol.asyncIterator]();
  try {
    if ((await iterator.next()).done) return;
    const first = iterator.next();
    const sent = first.then(
      () => true,
      () => true,
    );
    if (!(await Promise.race([sent, clock.sleep(FIRST_EVENTS_MS, signal).then(() => false)]))) yield [];
    for (let next = await first; !next.done; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

function byUid<T extends KubernetesObject>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.metadata.uid, item]));
}

function differs<T extends KubernetesObject>(set: ReadonlyMap<string, T>, items: readonly T[]): boolean {
  return (
    set.size !== items.length ||
    items.some(({ metadata }) => set.get(metadata.uid)?.metadata.resourceVersion !== metadata.resourceVersion)
  );
}
