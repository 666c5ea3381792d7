import type { Loan } from '../rollout/loan.ts';
import type { PodTemplate, StringMap } from '../rollout/objects.ts';
import type { HeldCanary } from './canary.ts';
import type { Mode } from './mode.ts';

/** What happened to one release on one workload. Times are ISO 8601, UTC. */
export interface LedgerEntry {
  readonly release: string;
  /** Digest of the bits (see `templateDigest`); the snapshot stands under it in the ledger's `templates`. */
  readonly template: string;
  readonly images: StringMap;
  /** The ReplicaSet that carried the bits, once it was seen. */
  readonly replicaSet?: { readonly name: string; readonly uid: string };
  /** What the name stood for before this attempt with other bits; kept until these are seen in the cluster. */
  readonly replaced?: LedgerEntry;
  /** How it was attempted last. */
  readonly mode?: Mode;
  /** Image IDs (digests) that ran, by container. */
  readonly imageIDs?: Readonly<Record<string, readonly string[]>>;
  readonly firstAttemptedAt: string;
  readonly attemptedAt: string;
  readonly verifiedAt?: string;
  readonly failedAt?: string;
  readonly supersededAt?: string;
  /** When an attempt of it ended, and nobody could tell how well. */
  readonly endedAt?: string;
  /** When an attempt of it turned out not to have been written. */
  readonly unwrittenAt?: string;
  /** When this release was left for an earlier one. */
  readonly rolledBackAt?: string;
  /** When it was marked as bad; until somebody takes the mark away, nothing returns to it by itself. */
  readonly blockedAt?: string;
  readonly runUrl?: string;
  readonly actor?: string;
  readonly reason?: string;
}

/** The record of releases of one workload, in the order of their first attempts. */
export interface Ledger {
  readonly schemaVersion: 1;
  readonly entries: readonly LedgerEntry[];
  readonly loan?: Loan;
  readonly canary?: HeldCanary;
  /** When a colour that serves nobody is to give its pods up. ISO 8601, UTC. */
  readonly retiring?: { readonly dueAt: string };
  readonly templates: Readonly<Record<string, PodTemplate>>;
}

export type Verdict = 'verified' | 'failed' | 'superseded' | 'rolled-back' | 'attempted';

/** A ledger in which nothing happened yet. */
export function emptyLedger(): Ledger {
  return { schemaVersion: 1, entries: [], templates: {} };
}

/** The entry of a release, compared exactly. */
export function findEntry(ledger: Ledger, release: string): LedgerEntry | undefined {
  return ledger.entries.find((entry) => entry.release === release);
}

/** What the newest of an entry's verdicts says; `attempted` without any. */
export function verdictOf(entry: LedgerEntry): Verdict {
  const times: readonly (readonly [Verdict, string | undefined])[] = [
    ['attempted', undefined],
    ['verified', entry.verifiedAt],
    ['failed', entry.failedAt],
    ['superseded', entry.supersededAt],
    ['rolled-back', entry.rolledBackAt],
  ];
  return times.reduce((newest, time) => ((time[1] ?? '') >= (newest[1] ?? '') && time[1] ? time : newest))[0];
}

/** What became of the releases that are good no more, by name: `failed`, or `rolled back`. */
export function spoiltReleases({ entries }: Ledger): ReadonlyMap<string, string> {
  const verdicts = entries.map((entry) => [entry.release, verdictOf(entry)] as const);
  const spoilt = verdicts.filter(([, verdict]) => verdict === 'failed' || verdict === 'rolled-back');
  return new Map(spoilt.map(([release, verdict]) => [release, verdict.replace('-', ' ')]));
}

/** Whether the release was verified here, neither failed nor was left for an earlier one since, and is not blocked. */
export function isGood(entry: LedgerEntry): boolean {
  if (entry.blockedAt !== undefined) return false;
  const bad = [entry.failedAt ?? '', entry.rolledBackAt ?? ''];
  return entry.verifiedAt !== undefined && bad.every((time) => time <= (entry.verifiedAt ?? ''));
}

/** An entry whose bits were seen in the cluster; undefined for an attempt that may never have reached it. */
export function settled(entry: LedgerEntry): LedgerEntry | undefined {
  return entry.replicaSet ? entry : entry.replaced;
}

/** Good releases, the one that was verified last first. */
export function goodReleases(ledger: Ledger): readonly string[] {
  const good = ledger.entries.map((entry) => settled(entry) ?? entry).filter(isGood);
  return newestFirst(good, (entry) => entry.verifiedAt ?? '').map(({ release }) => release);
}

/** The release that was attempted last; undefined in an empty ledger. */
export function lastAttempted(ledger: Ledger): string | undefined {
  return newestFirst(ledger.entries, (entry) => entry.attemptedAt)[0]?.release;
}

/** Whether the last attempt of all was one of another release, and no run saw it end. */
export function isOtherUnderWay(ledger: Ledger, release: string): boolean {
  const last = newestFirst(ledger.entries, (entry) => entry.attemptedAt)[0];
  if (!last || last.release === release) return false;
  const { attemptedAt, verifiedAt, failedAt, supersededAt, endedAt, unwrittenAt } = last;
  return ![verifiedAt, failedAt, supersededAt, endedAt, unwrittenAt].some((at) => at !== undefined && at > attemptedAt);
}

function newestFirst(entries: readonly LedgerEntry[], time: (entry: LedgerEntry) => string): readonly LedgerEntry[] {
  return [...entries].reverse().sort((a, b) => (time(a) > time(b) ? -1 : time(a) < time(b) ? 1 : 0));
}
