import { canarySize, canaryStatus, readyPods } from '../rollout/canary-status.ts';
import { NO_DEADLINE_SECONDS } from '../rollout/loan.ts';
import type { Condition, Deployment, Pod, ReplicaSet } from '../rollout/objects.ts';
import { keptPods } from '../rollout/partition.ts';
import { countReady, isFinished, isReady } from '../rollout/pods.ts';
import { progressing, type RolloutStatus, rolloutStatus } from '../rollout/status.ts';
import { type Memory, nothingSeen } from '../verdict/judge.ts';
import type { Policy } from '../verdict/policy.ts';
import type { Observation, Observed } from './observe.ts';

export interface Awaited extends Observed {
  readonly generation: number;
  readonly progressingBefore: Condition | undefined;
  readonly timeoutMs: number;
  readonly policy: Policy;
  /** The size of a canary; undefined where all pods are to run the release. */
  readonly canaryPods?: number | undefined;
  /** Whether it is paused by ourselves, who only look. */
  readonly isHeld?: boolean | undefined;
}

/** What earlier looks at a rollout leave for the next one. Times are milliseconds since the epoch. */
export interface Progress {
  readonly begin: number;
  readonly memory: Memory;
  readonly progressingBefore: Condition | undefined;
  /** How many pods there were when every one was there for the first time; undefined before. */
  readonly completeWith: number | undefined;
  /** Since when it has had these without a break. */
  readonly standsSince: number | undefined;
  /** Since when pods that were read contradict that. */
  readonly doubtedSince: number | undefined;
  /** Since when it has not. */
  readonly lacksSince: number;
  readonly counts: string;
  readonly movedAt: number;
}

/** When the window is over, when the time is, and when there was no progress for too long. Milliseconds since the epoch. */
export interface Deadlines {
  readonly quiet: number;
  readonly timeout: number;
  readonly stall: number;
}

export const NEVER = Number.POSITIVE_INFINITY;
/** A pod may be counted by its ReplicaSet shortly before our own watch tells of it. */
export const PODS_LAG_MS = 500;
/** The controller's own word on its deadline comes first. */
const DEADLINE_LAG_MS = 5_000;

/** Where a watch begins. */
export function nothingAssessed({ progressingBefore }: Awaited, now: number): Progress {
  const nothing = { completeWith: undefined, standsSince: undefined, doubtedSince: undefined };
  return { begin: now, movedAt: now, lacksSince: now, counts: '', memory: nothingSeen, progressingBefore, ...nothing };
}

/** How far what is awaited is: a canary, or all of a release. */
export function statusOf(
  deployment: Deployment,
  { carrier, pods }: Observation,
  awaited: Awaited,
  { progressingBefore }: Progress,
): RolloutStatus {
  const { canaryPods } = awaited;
  return canaryPods === undefined
    ? rolloutStatus(deployment, carrier, { ...awaited, progressingBefore })
    : canaryStatus(deployment, carrier, { ...awaited, canaryPods, pods });
}

/** How many pods are to run the release. */
export function desiredPods(
  deployment: Deployment,
  carrier: ReplicaSet | undefined,
  { canaryPods, isHeld }: Awaited,
): number {
  if (canaryPods !== undefined) return canarySize(deployment, carrier, { canaryPods, isHeld });
  return (deployment.spec.replicas ?? 1) - keptPods(deployment);
}

/** When a watch ends by time alone; once it was complete, from the last break. */
export function deadlinesOf(
  progress: Progress,
  { deployment, pods = [] }: Observation,
  quietAt: number | undefined,
  { timeoutMs, policy }: Awaited,
): Deadlines {
  const { begin, completeWith, standsSince, doubtedSince, lacksSince } = progress;
  const untold = pods.filter(isReady).length >= (completeWith ?? 1) ? 0 : PODS_LAG_MS;
  const lag = doubtedSince === undefined ? untold : Math.max(policy.monitorMs, PODS_LAG_MS);
  // Without pods to see, every break in availability begins the window anew.
  const quiet =
    standsSince === undefined ? NEVER : Math.max(quietAt ?? standsSince + policy.monitorMs, standsSince + lag);
  // However often it breaks again, it is not watched for ever.
  const from = completeWith === undefined ? begin : Math.min(lacksSince, begin + timeoutMs + policy.monitorMs);
  const timeout = from + timeoutMs;
  return {
    quiet,
    timeout: standsSince === undefined ? timeout : (doubtedSince ?? NEVER) + timeoutMs,
    stall: stalls(progress, deployment?.spec ?? {}),
  };
}

/** What a look adds to the progress. */
export function advance(
  before: Progress,
  observation: Observation,
  status: RolloutStatus,
  awaited: Awaited,
  now: number,
): Progress {
  const { deployment, carrier, pods = [] } = observation;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, observedGeneration = 0 } = deployment?.status ?? {};
  const isDone = status.state === 'done' && deployment !== undefined;
  const { completeWith = isDone ? desiredPods(deployment, carrier, awaited) : undefined } = before;
  const stands = status.state === 'done' || (completeWith !== undefined && has(completeWith, observation, awaited));
  // The controller's deadline begins anew where somebody resumes it.
  const isPaused = deployment?.spec.paused === true;
  const counts = [replicas, updatedReplicas, availableReplicas, pods.filter(isReady).length, isPaused].join(' ');
  const standsSince = stands ? (before.standsSince ?? now) : undefined;
  const isDoubted = isContradicted({ completeWith, standsSince }, observation, awaited);
  return {
    ...before,
    // A sync that was under way when we wrote may still report on the template that was left.
    ...(observedGeneration < awaited.generation && { progressingBefore: deployment && progressing(deployment) }),
    completeWith,
    standsSince,
    doubtedSince: isDoubted ? before.doubtedSince : undefined,
    lacksSince: before.standsSince !== undefined && !stands ? now : before.lacksSince,
    ...(counts !== before.counts && { counts, movedAt: now }),
  };
}

/**
 * Whether it is complete, and its pods are seen to be there or time enough has passed to see them: a ReplicaSet that was
 * scaled down a moment ago may still count pods that are leaving.
 */
export function isSeenComplete(
  { completeWith, standsSince }: Progress,
  { pods = [] }: Observation,
  now: number,
): boolean {
  if (completeWith === undefined || standsSince === undefined) return false;
  return countReady(pods) >= completeWith || now - standsSince >= PODS_LAG_MS;
}

/** Whether pods that were read now show that it is not complete, for whoever counts them to notice. */
export function isDoubtful(progress: Progress, read: Observation, awaited: Awaited, now: number): boolean {
  return isContradicted(progress, read, awaited) && now < (progress.doubtedSince ?? now) + awaited.timeoutMs;
}

/** Whether a pod is seen to be down that still counts among those with which it stands. */
function isContradicted(
  { completeWith, standsSince }: Pick<Progress, 'completeWith' | 'standsSince'>,
  { deployment, carrier, pods = [] }: Observation,
  awaited: Awaited,
): boolean {
  if (completeWith === undefined || standsSince === undefined || !deployment) return false;
  const watched = Math.min(completeWith, desiredPods(deployment, carrier, awaited));
  const isDown = (pod: Pod) => !isReady(pod) && !pod.metadata.deletionTimestamp && !isFinished(pod);
  return pods.filter(isReady).length < watched && pods.some(isDown);
}

/** Pods that were read are down: the window begins anew, and whoever counts them has until the time-out to notice. */
export function beginAnew(progress: Progress, now: number): Progress {
  return { ...progress, standsSince: now, doubtedSince: progress.doubtedSince ?? now };
}

/** Whether as many pods are available as when it was complete: somebody who scales it up says nothing about the release. */
function has(completeWith: number, { deployment, carrier, pods }: Observation, awaited: Awaited): boolean {
  if (!deployment) return false;
  const wanted = Math.min(completeWith, desiredPods(deployment, carrier, awaited));
  if (awaited.canaryPods !== undefined) return readyPods(deployment, carrier, { pods }) >= wanted && wanted > 0;
  const { replicas = 0, updatedReplicas = 0 } = deployment.status ?? {};
  const kept = keptPods(deployment);
  return replicas - kept <= updatedReplicas && (carrier?.status?.availableReplicas ?? 0) >= wanted && wanted > 0;
}

/** The controller forgets its deadline where a ReplicaSet is used again, so a second clock runs here. */
function stalls(
  { completeWith, movedAt }: Progress,
  { paused, progressDeadlineSeconds = 600 }: { readonly paused?: boolean; readonly progressDeadlineSeconds?: number },
): number {
  const never = completeWith !== undefined || paused || progressDeadlineSeconds >= NO_DEADLINE_SECONDS;
  return never ? NEVER : movedAt + progressDeadlineSeconds * 1000 + DEADLINE_LAG_MS;
}
