import { plainLine } from '../foreign/plain-text.ts';
import { type CanaryReport, canaryReport } from '../release/canary-report.ts';
import { showRelease } from '../release/release-text.ts';
import type { WorkloadState } from '../release/workload-state.ts';
import type { Result, WorkloadResult } from '../result.ts';
import { ownRevisions } from '../rollout/history.ts';
import type { ReplicaSet } from '../rollout/objects.ts';
import type { Leg } from './leg.ts';
import { rolledResult } from './rolled-result.ts';

type Watched = Extract<Leg, { readonly kind: 'watched' }>;

/** The result of a workload whose canary stands at its size, and waits. */
export function heldResult(leg: Watched, release: string, warnings: readonly string[]): WorkloadResult {
  const { step, end, seconds } = leg;
  const rolled = rolledResult(step, release, end, seconds, warnings);
  const canary = reportOf(leg);
  if (!canary) return rolled;
  const { pods, beside, from, next } = canary;
  const { workload } = rolled;
  const { deployment } = end.last;
  const replicas = deployment?.spec.replicas ?? 1;
  const then = next ? `${next.size} (${next.pods} of ${replicas} pods)` : 'all pods';
  const message =
    `${workload}: ${showRelease(release)} is held as a canary, ${pods} ${pods === 1 ? 'pod' : 'pods'} beside ${beside} of ${showRelease(from)}; ` +
    `promote/ lets it go on to ${then}, abort/ takes it back`;
  return {
    ...rolled,
    ...{ outcome: 'paused', reasonCode: 'canary-held', message, canary },
    podStates: [],
  };
}

/** How a canary stands when its watch ended; undefined where it was none. */
export function reportOf({ step, end }: Watched): CanaryReport | undefined {
  const { deployment, carrier, replicaSets } = end.last;
  if (step.canary?.pods === undefined || !deployment) return undefined;
  const readyIn = (sets: readonly (ReplicaSet | undefined)[]) =>
    sets.reduce((sum, set) => sum + (set?.status?.readyReplicas ?? 0), 0);
  // The Deployment's own counts come a moment later.
  const others = ownRevisions(deployment, replicaSets).filter(({ metadata }) => metadata.uid !== carrier?.metadata.uid);
  const counts = { pods: readyIn([carrier]), beside: readyIn(others) };
  return canaryReport(step.canary.canary, counts, deployment.spec.replicas ?? 1);
}

/** How a canary stands that was found held; undefined where none is. */
export function standingReport({ canary, live, revisions, deployment }: WorkloadState): CanaryReport | undefined {
  const readyIn = (held: boolean) =>
    revisions
      .filter((revision) => (revision === live.revision) === held)
      .reduce((sum, { replicaSet }) => sum + (replicaSet.status?.readyReplicas ?? 0), 0);
  const counts = { pods: readyIn(true), beside: readyIn(false) };
  return canary && canaryReport(canary, counts, deployment.spec.replicas ?? 1);
}

/** The result of a run that took a held canary back, and why somebody wanted it to. */
export function abortedResult(result: Result): Result {
  if (result.outcome !== 'succeeded') return result;
  const workloads = result.workloads.map((each): WorkloadResult => {
    if (each.outcome !== 'succeeded') return each;
    const { workload, previousRelease, release, pods } = each;
    const message = `${workload}: the canary of ${showRelease(previousRelease)} is aborted, ${showRelease(release)} has ${pods.available} of ${pods.desired} pods`;
    return { ...each, outcome: 'aborted', reasonCode: 'canary-aborted', message };
  });
  const aborted = workloads.flatMap((each) => (each.outcome === 'aborted' ? [each.message] : [])).join('; ');
  const message = result.reason === '' ? aborted : `${aborted}; why: ${plainLine(result.reason)}`;
  return { ...result, outcome: 'aborted', reasonCode: 'canary-aborted', message, workloads };
}

/** The result of a run that went on from a size by itself: what was before is what was before the first one. */
export function continuedResult(before: Result, now: Result, heldSeconds: number): Result {
  if (now.workloads.length === 0) return { ...now, changed: before.changed || now.changed };
  const workloads = now.workloads.map((each): WorkloadResult => {
    const first = before.workloads.find((other) => other.workload === each.workload);
    return first ? continuedWorkload(first, each, heldSeconds) : each;
  });
  const { mode, modeReason, versionChange, direction, firstDeployment } = before;
  const { previousRelease, lastAttemptedRelease, lastGoodRelease } = before;
  return {
    ...now,
    ...{ mode, modeReason, versionChange, direction, firstDeployment },
    ...{ previousRelease, lastAttemptedRelease, lastGoodRelease },
    changed: before.changed || now.changed,
    workloads,
  };
}

function continuedWorkload(before: WorkloadResult, now: WorkloadResult, heldSeconds: number): WorkloadResult {
  const offset = before.seconds + heldSeconds;
  const { mode, previousRelease, previousLabel, previousRevision, imageChanges, source } = before;
  return {
    ...now,
    ...{ mode, previousRelease, previousLabel, previousRevision, imageChanges, source },
    lastAttemptedRelease: before.lastAttemptedRelease,
    lastGoodRelease: before.lastGoodRelease,
    changed: before.changed || now.changed,
    warnings: [...new Set([...before.warnings, ...now.warnings])],
    seconds: offset + now.seconds,
    timeline: [
      ...before.timeline,
      { at: before.seconds, text: 'held' },
      ...now.timeline.map(({ at, text }) => ({ at: offset + at, text })),
    ],
  };
}
