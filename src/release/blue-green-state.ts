import { COLOURS, type Colour, otherColour, type Pair } from '../rollout/blue-green.ts';
import { findEntry, goodReleases, isGood, type Ledger, type LedgerEntry, lastAttempted } from './ledger.ts';
import { claims } from './resolve.ts';
import type { WorkloadState } from './workload-state.ts';

/**
 * What a Service with two colours looks like to whoever wants a release there: what is live is the live colour's, known is
 * what either colour knows, and what is going to be changed is the idle colour.
 */
export function serviceState(states: Pair<WorkloadState>, liveColour: Colour): WorkloadState {
  const [live, idle] = [states[liveColour], states[otherColour(liveColour)]];
  const ledger = joined(live.ledger, idle.ledger);
  const { live: release, liveState, complete, proven, attemptedAs } = live;
  return {
    ...idle,
    ...{ live: release, liveState, complete, proven, attemptedAs, ledger },
    revisions: [...live.revisions, ...idle.revisions.map((revision) => ({ ...revision, live: false }))],
    known: knownTo(states),
    lastGood: proven ? live.lastGood : goodReleases(ledger)[0],
    lastAttempted: lastAttempted(ledger) ?? (release.release || undefined),
  };
}

/** Newest first by their first appearance on either colour. */
function knownTo(states: Pair<WorkloadState>): readonly string[] {
  const appeared = new Map<string, number>();
  for (const colour of COLOURS)
    for (const release of states[colour].known) {
      const at = firstSeen(states[colour], release);
      appeared.set(release, Math.min(appeared.get(release) ?? at, at));
    }
  return [...appeared.keys()].sort((a, b) => (appeared.get(b) ?? 0) - (appeared.get(a) ?? 0));
}

/** Milliseconds since the epoch. */
function firstSeen({ ledger, revisions }: WorkloadState, release: string): number {
  const entry = findEntry(ledger, release);
  if (entry) return Date.parse(entry.firstAttemptedAt);
  const born = revisions.filter((revision) => claims(revision, release)).map(({ createdAt }) => Date.parse(createdAt));
  return Math.min(...born);
}

/** Both ledgers in one, each release once: as it is good somewhere, else as it was attempted last. */
function joined(live: Ledger, idle: Ledger): Ledger {
  const releases = [...new Set([...live.entries, ...idle.entries].map(({ release }) => release))];
  const entries = releases.flatMap((release) => {
    const found = [findEntry(live, release), findEntry(idle, release)].filter((entry) => entry !== undefined);
    return found.length === 0 ? [] : [found.reduce(better)];
  });
  return {
    schemaVersion: 1,
    entries: entries.sort((a, b) => (a.firstAttemptedAt < b.firstAttemptedAt ? -1 : 1)),
    templates: { ...idle.templates, ...live.templates },
  };
}

/** Of two records of one release the one that is good, else the one that was attempted last. */
export function better(a: LedgerEntry, b: LedgerEntry): LedgerEntry {
  if (isGood(a) !== isGood(b)) return isGood(a) ? a : b;
  return a.attemptedAt < b.attemptedAt ? b : a;
}
