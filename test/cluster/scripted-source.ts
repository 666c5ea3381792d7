import { setTimeout } from 'node:timers/promises';
import { type FollowTools, follow, nothingTold, type Source } from '../../src/cluster/follow.ts';
import type { WatchEvent } from '../../src/cluster/watch-stream.ts';
import type { ObjectList } from '../../src/ports.ts';
import type { KubernetesObject } from '../../src/rollout/objects.ts';
import { type InstantClock, instantClock } from './instant-clock.ts';

type Event = WatchEvent<KubernetesObject>;
/** What one watch does: the batches it sends, then what breaks it, if anything. */
interface Watched {
  readonly batches?: readonly (readonly Event[])[];
  readonly error?: Error;
  /** Milliseconds that it stays quiet at first. */
  readonly after?: number;
  /** Whether the server does not even accept it. */
  readonly refused?: boolean;
}

export const object = (name: string, version: string): KubernetesObject => ({
  metadata: { name, namespace: 'shop', uid: name, resourceVersion: version },
});
export const change = (type: 'ADDED' | 'MODIFIED' | 'DELETED', name: string, version: string): Event => ({
  type,
  object: object(name, version),
});
export const bookmark = (version: string): Event => ({
  type: 'BOOKMARK',
  object: { metadata: { resourceVersion: version } },
});
export const expired: Event = { type: 'ERROR', object: { code: 410 } };
export const list = (version: string, ...items: KubernetesObject[]): ObjectList<KubernetesObject> => ({
  items,
  resourceVersion: version,
});
/** Follows a source that answers from a script; the signal aborts when a watch is asked for beyond it. */
export async function run(script: {
  lists?: (ObjectList<KubernetesObject> | Error)[];
  watches?: Watched[];
  known?: ObjectList<KubernetesObject>;
  listsByWatching?: boolean;
  clock?: InstantClock;
  told?: FollowTools['told'];
}) {
  const {
    lists = [],
    watches = [],
    known,
    listsByWatching = false,
    clock = instantClock(),
    told = nothingTold(),
  } = script;
  const stop = new AbortController();
  const calls: string[] = [];
  const warnings: string[] = [];
  const source: Source<KubernetesObject> = {
    title: 'pods in shop',
    listsByWatching,
    async list() {
      calls.push('list');
      const answer = lists.shift();
      if (answer instanceof Error) throw answer;
      if (answer) return answer;
      stop.abort();
      throw new Error('aborted');
    },
    async *watch(version) {
      calls.push(`watch ${version}`);
      const next = watches.shift();
      if (!next) stop.abort();
      if (!next?.refused) yield [];
      if (next?.after) await clock.sleep(next.after).then(() => setTimeout(5));
      yield* next?.batches ?? [];
      if (next?.error) throw next.error;
    },
  };
  const log = { info: () => undefined, debug: () => undefined, warn: (text: string) => warnings.push(text) };
  const seen: string[] = [];
  for await (const set of follow(source, stop.signal, known, { clock, log, told })) {
    seen.push(set.map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion}`).join(' '));
  }
  return { seen, calls, warnings, slept: clock.slept };
}
