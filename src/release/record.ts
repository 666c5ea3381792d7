import type { PodTemplate } from '../rollout/objects.ts';
import { imagesOf, templateDigest, withoutHash } from '../rollout/template.ts';
import { findEntry, type Ledger, type LedgerEntry, settled } from './ledger.ts';
import type { Mode } from './mode.ts';

/** What is known of a release when the intent to roll it is written. `at` is ISO 8601, UTC. */
export interface Attempt {
  readonly release: string;
  readonly template: PodTemplate;
  readonly mode: Mode;
  readonly at: string;
  readonly runUrl: string;
  readonly actor: string;
  readonly reason: string;
}

/** What was seen when its rollout ended. `unverified`: nothing ran that could have been verified. */
export interface Ending {
  readonly release: string;
  readonly verdict: 'verified' | 'unverified' | 'failed';
  readonly template: PodTemplate;
  readonly at: string;
  readonly replicaSet: { readonly name: string; readonly uid: string } | undefined;
  readonly imageIDs: Readonly<Record<string, readonly string[]>>;
}

/**
 * The ledger with an attempt noted. The same bits keep their verdicts; other bits under a known name replace its record,
 * for good once they are seen in the cluster: an attempt that the API server refuses must not lose what the name stood for.
 */
export function recordAttempt(ledger: Ledger, attempt: Attempt): Ledger {
  const { release, template, mode, runUrl, actor, reason } = attempt;
  const at = after(ledger.entries.flatMap(timesOf), attempt.at);
  const before = findEntry(ledger, release);
  const digest = templateDigest(template);
  const { runUrl: _url, actor: _actor, reason: _reason, ...kept } = before ?? { firstAttemptedAt: at };
  const replaced = before && settled(before);
  const entry: LedgerEntry = {
    ...(before?.template === digest
      ? kept
      : { firstAttemptedAt: kept.firstAttemptedAt, ...(replaced && { replaced }) }),
    release,
    mode,
    template: digest,
    images: imagesOf(template),
    attemptedAt: at,
    ...(runUrl && { runUrl }),
    ...(actor && { actor }),
    ...(reason && { reason }),
  };
  return put(ledger, entry, template);
}

/** The ledger with the verdict on a release's rollout, and the bits as the cluster took them. */
export function recordEnding(ledger: Ledger, ending: Ending): Ledger {
  const { release, verdict, template, replicaSet, imageIDs } = ending;
  const before = findEntry(ledger, release);
  const at = after(before ? timesOf(before) : [], ending.at);
  const { replaced, ...kept } = before ?? { release, firstAttemptedAt: at, attemptedAt: at };
  const entry: LedgerEntry = {
    ...kept,
    ...(replaced && !replicaSet && { replaced }),
    template: templateDigest(template),
    images: imagesOf(template),
    ...(replicaSet && { replicaSet }),
    ...(Object.keys(imageIDs).length > 0 && { imageIDs }),
    [verdict === 'unverified' ? 'endedAt' : `${verdict}At`]: at,
  };
  return put(ledger, entry, template);
}

/** The ledger with an attempt taken back that was not written: the name stands again for what it stood for before. */
export function withdrawAttempt(ledger: Ledger, release: string, template: PodTemplate, at: string): Ledger {
  const entry = findEntry(ledger, release);
  if (entry?.template !== templateDigest(template)) return ledger;
  const { replaced = entry, attemptedAt } = entry;
  const unwrittenAt = after(timesOf(entry), at);
  return withoutOrphans({
    ...ledger,
    entries: ledger.entries.map((other) => (other === entry ? { ...replaced, attemptedAt, unwrittenAt } : other)),
  });
}

/** The ledger with a release marked as left for an earlier one; unchanged where it has no entry. */
export function recordLeft(ledger: Ledger, release: string, at: string): Ledger {
  return mark(ledger, release, 'rolledBackAt', at);
}

/**
 * The ledger with an attempt marked as superseded. Where the same name was given other bits meanwhile, those are the
 * truth and the entry stays as it is.
 */
export function recordSuperseded(ledger: Ledger, release: string, template: PodTemplate, at: string): Ledger {
  const ours = findEntry(ledger, release)?.template === templateDigest(template);
  return ours ? mark(ledger, release, 'supersededAt', at) : ledger;
}

function mark(ledger: Ledger, release: string, what: 'rolledBackAt' | 'supersededAt', at: string): Ledger {
  const entries = ledger.entries.map((entry) =>
    entry.release === release ? { ...entry, [what]: after(timesOf(entry), at) } : entry,
  );
  return { ...ledger, entries };
}

function timesOf(entry: LedgerEntry): readonly string[] {
  const { attemptedAt, verifiedAt, failedAt, supersededAt, endedAt, unwrittenAt, rolledBackAt } = entry;
  const times = [attemptedAt, verifiedAt, failedAt, supersededAt, endedAt, unwrittenAt, rolledBackAt];
  return times.filter((time) => time !== undefined);
}

/** `at`, or just after the newest of `times`: runners' clocks differ, but the order of events must not. */
function after(times: readonly string[], at: string): string {
  const known = times.map((time) => Date.parse(time)).filter((time) => !Number.isNaN(time));
  const earliest = known.reduce((latest, time) => Math.max(latest, time + 1), Date.parse(at));
  return new Date(earliest).toISOString();
}

function put(ledger: Ledger, entry: LedgerEntry, template: PodTemplate): Ledger {
  const known = findEntry(ledger, entry.release) !== undefined;
  const entries = known
    ? ledger.entries.map((other) => (other.release === entry.release ? entry : other))
    : [...ledger.entries, entry];
  return withoutOrphans({
    ...ledger,
    entries,
    templates: { ...ledger.templates, [entry.template]: withoutHash(template) },
  });
}

/** The digests of the snapshots that an entry points at. */
export function templatesOf({ template, replaced }: LedgerEntry): readonly string[] {
  return replaced && replaced.template !== template ? [template, replaced.template] : [template];
}

/** Without the snapshots that no entry points at. */
export function withoutOrphans(ledger: Ledger): Ledger {
  const used = new Set(ledger.entries.flatMap(templatesOf));
  const templates = Object.fromEntries(Object.entries(ledger.templates).filter(([digest]) => used.has(digest)));
  return { ...ledger, templates };
}
