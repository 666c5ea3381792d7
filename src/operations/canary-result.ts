import { podsOf, sizeText } from '../release/canary.ts';
import { showRelease } from '../release/release-text.ts';
import type { CanaryReport, Result, WorkloadResult } from '../result.ts';
import type { Leg } from './leg.ts';
import { rolledResult } from './rolled-result.ts';

type Watched = Extract<Leg, { readonly kind: 'watched' }>;

/** The result of a workload whose canary stands at its size, and waits. */
export function heldResult(leg: Watched, release: string, warnings: readonly string[]): WorkloadResult {
  const { step, end, seconds } = leg;
  const rolled = rolledResult(step, release, end, seconds, warnings);
  const canary = reportOf(leg);
  if (!canary) return rolled;
  const { pods, beside, from, sizes } = canary;
  const { workload } = rolled;
  const { deployment } = end.last;
  const next = step.canary?.canary.sizes[canary.step + 1];
  const replicas = deployment?.spec.replicas ?? 1;
  const then = next ? `${sizes[canary.step + 1]} (${podsOf(next, replicas)} of ${replicas} pods)` : 'all pods';
  const message =
    `${workload}: ${showRelease(release)} is held as a canary, ${pods} ${pods === 1 ? 'pod' : 'pods'} beside ${beside} of ${showRelease(from)}; ` +
    `promote/ lets it go on to ${then}, abort/ takes it back`;
  const available = Math.min(replicas, deployment?.status?.availableReplicas ?? 0);
  return {
    ...rolled,
    ...{ outcome: 'paused', reasonCode: 'canary-held', message, canary },
    pods: { ...rolled.pods, available },
    podStates: [],
  };
}

function reportOf({ step, end }: Watched): CanaryReport | undefined {
  if (!step.canary) return undefined;
  const { canary } = step.canary;
  const { deployment, carrier } = end.last;
  const pods = carrier?.status?.readyReplicas ?? 0;
  const ready = deployment?.status?.readyReplicas ?? deployment?.status?.replicas ?? 0;
  const { from, sizes, step: index } = canary;
  return { from, pods, beside: Math.max(0, ready - pods), sizes: sizes.map(sizeText), step: index };
}

/** The result of a run that took a held canary back. */
export function abortedResult(result: Result): Result {
  if (result.outcome !== 'succeeded') return result;
  const workloads = result.workloads.map((each): WorkloadResult => {
    if (each.outcome !== 'succeeded') return each;
    const { workload, previousRelease, release, pods } = each;
    const message = `${workload}: the canary of ${showRelease(previousRelease)} is aborted, ${showRelease(release)} has ${pods.available} of ${pods.desired} pods`;
    return { ...each, outcome: 'aborted', reasonCode: 'canary-aborted', message };
  });
  const message = workloads.flatMap((each) => (each.outcome === 'aborted' ? [each.message] : [])).join('; ');
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
