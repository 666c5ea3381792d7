import { type Revision, revisionsOf } from '../rollout/history.ts';
import type { Deployment, ReplicaSet } from '../rollout/objects.ts';
import { progressing, rolloutStatus } from '../rollout/status.ts';
import { findEntry, goodReleases, type Ledger, lastAttempted } from './ledger.ts';
import { type Live, nameLive } from './live.ts';
import type { Mode, Situation } from './mode.ts';
import { claims, recordOf } from './resolve.ts';

/** A workload as it was found: objects and ledger, and what they say about releases. */
export interface WorkloadState {
  /** `deployment/web` */
  readonly workload: string;
  readonly deployment: Deployment;
  readonly replicaSets: readonly ReplicaSet[];
  readonly revisions: readonly Revision[];
  readonly ledger: Ledger;
  readonly live: Live;
  readonly liveState: Situation['liveState'];
  /** The name to record it under, where what is live, complete and has pods has no record yet; else undefined. */
  readonly met: string | undefined;
  /** Releases that have bits here, newest first by their first appearance. */
  readonly known: readonly string[];
  /** Undefined where nothing was verified yet. */
  readonly lastGood: string | undefined;
  readonly lastAttempted: string | undefined;
  readonly attemptedAs: Mode | undefined;
}

/** Reads a workload's state from its objects. What is met live and complete for the first time counts as good. */
export function workloadState(
  workload: string,
  deployment: Deployment,
  replicaSets: readonly ReplicaSet[],
  ledger: Ledger,
): WorkloadState {
  const revisions = revisionsOf(deployment, replicaSets);
  const live = nameLive(deployment.spec.template, revisions, ledger);
  const liveState = liveStateOf(deployment, replicaSets);
  const proven = liveState === 'complete' && deployment.spec.replicas !== 0;
  const met = proven && !recordOf(live.release, revisions, ledger) ? live.release || live.label : undefined;
  return {
    workload,
    deployment,
    replicaSets,
    revisions,
    ledger,
    live,
    liveState,
    known: knownReleases(revisions, ledger),
    met,
    lastGood: goodReleases(ledger)[0] ?? met,
    lastAttempted: lastAttempted(ledger) ?? (live.release || undefined),
    attemptedAs: findEntry(ledger, live.release)?.mode,
  };
}

function liveStateOf(deployment: Deployment, replicaSets: readonly ReplicaSet[]): Situation['liveState'] {
  const target = {
    template: deployment.spec.template,
    generation: deployment.metadata.generation ?? 0,
    progressingBefore: undefined,
  };
  const { state } = rolloutStatus(deployment, replicaSets, target);
  if (state === 'done') return 'complete';
  if (state === 'stalled') return 'failed';
  return replicaSets.length === 0 && progressing(deployment) === undefined ? 'none' : 'incomplete';
}

function knownReleases(revisions: readonly Revision[], ledger: Ledger): readonly string[] {
  const claimed = revisions.flatMap(({ stamp, changeCause }) => [stamp, changeCause]).filter((name) => name !== '');
  const recorded = ledger.entries.map(({ release }) => release).filter((name) => recordOf(name, revisions, ledger));
  const names = [...new Set([...recorded, ...claimed])];
  const appeared = new Map(names.map((name) => [name, firstSeen(name, revisions, ledger)]));
  return names.sort((a, b) => (appeared.get(b) ?? 0) - (appeared.get(a) ?? 0));
}

/** Milliseconds since the epoch. */
function firstSeen(release: string, revisions: readonly Revision[], ledger: Ledger): number {
  const entry = findEntry(ledger, release);
  if (entry) return Date.parse(entry.firstAttemptedAt);
  const born = revisions.filter((revision) => claims(revision, release)).map(({ createdAt }) => Date.parse(createdAt));
  return Math.min(...born);
}
