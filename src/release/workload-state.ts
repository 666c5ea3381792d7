import { type Revision, revisionsOf } from '../rollout/history.ts';
import { isOf } from '../rollout/loan.ts';
import { CHANGE_CAUSE } from '../rollout/marks.ts';
import type { Deployment, ReplicaSet } from '../rollout/objects.ts';
import { progressing, rolloutStatus } from '../rollout/status.ts';
import { templateDigest } from '../rollout/template.ts';
import { canaryOf, type HeldCanary, isHeldBack } from './canary.ts';
import { findEntry, goodReleases, isOtherUnderWay, type Ledger, lastAttempted, verdictOf } from './ledger.ts';
import { type Live, nameLive } from './live.ts';
import type { Mode, Situation } from './mode.ts';
import { releaseNameProblem } from './release-name.ts';
import { claims, nameOf, recordOf } from './resolve.ts';

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
  /** Whether what is live has all its pods now. */
  readonly complete: boolean;
  /** Whether it is complete, and no run of ours saw it fail or lost sight of it. */
  readonly proven: boolean;
  /** Releases that have bits here, newest first by their first appearance. */
  readonly known: readonly string[];
  /** What is live, if it is proven; else what was verified last. Undefined where nothing was. */
  readonly lastGood: string | undefined;
  readonly lastAttempted: string | undefined;
  readonly attemptedAs: Mode | undefined;
  /** The canary that is held, or was cut off on its way; its bits are the live ones. */
  readonly canary: HeldCanary | undefined;
}

/**
 * Reads a workload's state from its objects. What is live and complete counts as good, whoever made it; but what a run of
 * ours brought has to be seen well through its window, since a release can be complete and die a moment later.
 */
export function workloadState(
  workload: string,
  deployment: Deployment,
  replicaSets: readonly ReplicaSet[],
  kept: Ledger,
): WorkloadState {
  const ledger = nameable(kept);
  const revisions = revisionsOf(deployment, replicaSets);
  const ownCause = deployment.metadata.annotations?.[CHANGE_CAUSE];
  const live = nameLive(deployment.spec.template, revisions, ledger, ownCause);
  const canary = liveCanary(deployment, live, revisions, ledger);
  // A StatefulSet's counts as complete with the pods that its partition lets be.
  const found = canary && isHeldBack(canary) ? 'incomplete' : liveStateOf(deployment, revisions);
  const complete = found === 'complete' && deployment.spec.replicas !== 0;
  const liveState = complete ? recordedState(live, ledger) : found;
  const proven = complete && liveState === 'complete';
  return {
    workload,
    deployment,
    replicaSets,
    revisions,
    ledger,
    live,
    liveState,
    complete,
    known: knownReleases(revisions, ledger),
    proven,
    lastGood: proven ? live.release || live.label : goodReleases(ledger)[0],
    lastAttempted: lastAttempted(ledger) ?? (live.release || undefined),
    attemptedAs: findEntry(ledger, live.release)?.mode,
    canary,
  };
}

/** The ledger without records under what is no name: nobody could be told to go there, nor from there. */
function nameable(ledger: Ledger): Ledger {
  const entries = ledger.entries.filter(({ release }) => releaseNameProblem(release) === undefined);
  return entries.length === ledger.entries.length ? ledger : { ...ledger, entries };
}

/** The canary that is there. A Deployment's without a pod of another release beside it was let go, by whomever. */
function liveCanary(
  deployment: Deployment,
  live: Live,
  revisions: readonly Revision[],
  ledger: Ledger,
): HeldCanary | undefined {
  const isAnother = ledger.loan !== undefined && !isOf(deployment, ledger.loan);
  const canary = isAnother ? undefined : canaryOf(ledger, templateDigest(live.template));
  const others = revisions.filter((revision) => revision !== live.revision);
  const beside = others.reduce((sum, { replicaSet }) => sum + (replicaSet.spec.replicas ?? 0), 0);
  const pods = live.revision?.replicaSet.spec.replicas ?? 0;
  const isLetGo = deployment.spec.updateStrategy === undefined && pods > 0 && beside === 0;
  return canary && isLetGo ? { ...canary, step: canary.sizes.length } : canary;
}

function liveStateOf(deployment: Deployment, revisions: readonly Revision[]): Situation['liveState'] {
  const target = {
    template: deployment.spec.template,
    generation: deployment.metadata.generation ?? 0,
    progressingBefore: undefined,
  };
  const { state } = rolloutStatus(deployment, revisions.find(({ live }) => live)?.replicaSet, target);
  if (state === 'done') return 'complete';
  if (state === 'stalled') return 'failed';
  return revisions.length === 0 && progressing(deployment) === undefined ? 'none' : 'incomplete';
}

/**
 * What the ledger adds to a workload that looks complete: its run was cut off before the verdict, or saw it fail. Where it
 * was superseded, somebody else has brought the same bits since.
 */
function recordedState({ release, template }: Live, ledger: Ledger): 'complete' | 'incomplete' | 'failed' {
  const digest = templateDigest(template);
  const entry = findEntry(ledger, release);
  const own = [entry, entry?.replaced].find((candidate) => candidate?.template === digest);
  if (!own || verdictOf(own) === 'superseded') return 'complete';
  const { verifiedAt = '', failedAt = '', rolledBackAt = '', attemptedAt, unwrittenAt = '' } = own;
  if (failedAt > verifiedAt) return 'failed';
  if (verifiedAt === '') return 'incomplete';
  if (rolledBackAt <= verifiedAt) return 'complete';
  // Left since it was good. By hand it comes back on purpose; by a run that was cut off, nobody has seen it well again.
  const isBroughtAgain = attemptedAt > verifiedAt && attemptedAt > unwrittenAt;
  return isBroughtAgain || isOtherUnderWay(ledger, own.release) ? 'incomplete' : 'complete';
}

function knownReleases(revisions: readonly Revision[], ledger: Ledger): readonly string[] {
  const claimed = revisions.map(nameOf).filter((name) => name !== '');
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
