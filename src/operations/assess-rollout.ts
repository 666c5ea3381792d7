import type { Condition } from '../rollout/objects.ts';
import { isReady } from '../rollout/pods.ts';
import { progressing, type RolloutStatus, rolloutStatus } from '../rollout/status.ts';
import type { Cause } from '../verdict/cause.ts';
import { explain, isTolerable, judge, type Memory, nothingSeen, type Seen } from '../verdict/judge.ts';
import type { Policy } from '../verdict/policy.ts';
import type { Observation, Observed } from './observe.ts';

export interface Awaited extends Observed {
  readonly generation: number;
  readonly progressingBefore: Condition | undefined;
  readonly timeoutMs: number;
  readonly policy: Policy;
}

export type EndStatus =
  | Exclude<RolloutStatus, { readonly state: 'progressing' }>
  /**
   * `halted`: nobody waits for it any more, since the run was cancelled or the rest of the train failed. `undecided`: out
   * of time, but by somebody's pause or the controllers' absence, which says nothing about the release.
   */
  | { readonly state: 'failed' | 'timed-out' | 'undecided' | 'deleted' | 'halted'; readonly message: string };

/** What earlier looks at a rollout leave for the next one. Times are milliseconds since the epoch. */
export interface Progress {
  readonly begin: number;
  readonly memory: Memory;
  readonly progressingBefore: Condition | undefined;
  /** How many pods there were when every one was there for the first time; undefined before. */
  readonly completeWith: number | undefined;
  /** Since when it has had these without a break. */
  readonly standsSince: number | undefined;
  /** Since when it has not. */
  readonly lacksSince: number;
  readonly counts: string;
  readonly movedAt: number;
}

export interface Assessment {
  readonly progress: Progress;
  /** A clause for people: how far it is. */
  readonly message: string;
  readonly warnings: readonly string[];
  readonly end: { readonly status: EndStatus; readonly cause: Cause | undefined } | undefined;
  /** When to look again although nothing changed. */
  readonly wakeAt: number;
}

/** A pod may be counted by its ReplicaSet shortly before our own watch tells of it. */
const PODS_LAG_MS = 500;
/** The controller's own word on its deadline comes first. */
const DEADLINE_LAG_MS = 5_000;
/** As good as no deadline (kubernetes/kubernetes, deployment_util.go, HasProgressDeadline). */
const NO_DEADLINE_SECONDS = 2_147_483_647;

/** Where a watch begins. */
export function nothingAssessed({ progressingBefore }: Awaited, now: number): Progress {
  const nothing = { completeWith: undefined, standsSince: undefined, counts: '', memory: nothingSeen };
  return { begin: now, movedAt: now, lacksSince: now, progressingBefore, ...nothing };
}

/** Judges a rollout at one moment: how far it is, whether it ended, and when time alone may change that. */
export function assess(before: Progress, observation: Observation, awaited: Awaited, now: number): Assessment {
  const { deployment, carrier, pods } = observation;
  if (!deployment) {
    const status = { state: 'deleted', message: 'it was deleted during the rollout' } as const;
    const end = { status, cause: undefined };
    return { progress: before, message: status.message, warnings: [], end, wakeAt: now };
  }
  const status = rolloutStatus(deployment, carrier, { ...awaited, progressingBefore: before.progressingBefore });
  const moved = advance(before, observation, status, awaited, now);
  const seen: Seen = { deployment, carrier, pods, completed: moved.completeWith !== undefined, at: now };
  const { memory, cause, warnings, quietAt, wakeAt } = judge(moved.memory, seen, awaited.policy);
  const progress = { ...moved, memory };
  const deadlines = deadlinesOf(progress, observation, quietAt, awaited);
  const moment = { status, observation, cause, progress, deadlines, now };
  const end = endOf(moment, awaited, {
    explain: () => explain(memory, seen),
    isTolerable: () => isTolerable(memory, seen, awaited.policy),
  });
  return {
    progress,
    message: watching(status, awaited.policy, deadlines.quiet - now),
    warnings,
    end,
    wakeAt: Math.min(...Object.values(deadlines).filter((at) => at > now), wakeAt ?? NEVER),
  };
}

interface Moment {
  readonly status: RolloutStatus;
  readonly observation: Observation;
  readonly cause: Cause | undefined;
  readonly progress: Progress;
  readonly deadlines: ReturnType<typeof deadlinesOf>;
  readonly now: number;
}

function endOf(
  { status, observation, cause, progress, deadlines: { quiet, timeout, stall }, now }: Moment,
  awaited: Awaited,
  known: { readonly explain: () => Cause | undefined; readonly isTolerable: () => boolean },
): Assessment['end'] {
  const ended = (end: EndStatus, why?: Cause) => ({ status: end, cause: why });
  const well = (message: string) => ended({ state: 'done', verified: true, message });
  if (status.state === 'superseded') return ended(status);
  // Somebody stopped it to look: what happens next is theirs to say.
  const isPaused = observation.deployment?.spec.paused === true;
  if (cause && !isPaused) return ended({ state: 'failed', message: cause.message }, cause);
  if (status.state === 'done' && !status.verified) return ended(status);
  if (progress.standsSince !== undefined) return now >= quiet ? well(status.message) : undefined;
  const stalled = status.state === 'stalled' && progress.completeWith === undefined;
  if (!stalled && now < timeout && (now < stall || isPaused)) return undefined;
  if (known.isTolerable()) return well(`${status.message}; the rest fails, but max_failure_ratio tolerates it`);
  if (stalled) return ended(status, known.explain());
  const why = known.explain();
  const seconds = Math.round((now - (now < timeout ? progress.movedAt : timeout - awaited.timeoutMs)) / 1000);
  const late = `not complete after ${seconds} s: ${status.message}`;
  if (isPaused || (isUnobserved(observation, awaited) && !why)) return ended({ state: 'undecided', message: late });
  return now < timeout
    ? ended({ state: 'stalled', message: `no progress for ${seconds} s: ${status.message}` }, why)
    : ended({ state: 'timed-out', message: late }, why);
}

/** When the window is over, when the time is, and when there was no progress for too long; once it was complete, from the last break. */
function deadlinesOf(
  progress: Progress,
  { deployment, pods = [] }: Observation,
  quietAt: number | undefined,
  { timeoutMs, policy }: Awaited,
): { readonly quiet: number; readonly timeout: number; readonly stall: number } {
  const { begin, completeWith, standsSince, lacksSince } = progress;
  const lag = pods.filter(isReady).length >= (completeWith ?? 1) ? 0 : PODS_LAG_MS;
  // Without pods to see, every break in availability begins the window anew.
  const quiet =
    standsSince === undefined ? NEVER : Math.max(quietAt ?? standsSince + policy.monitorMs, standsSince + lag);
  // However often it breaks again, it is not watched for ever.
  const from = completeWith === undefined ? begin : Math.min(lacksSince, begin + timeoutMs + policy.monitorMs);
  const timeout = from + timeoutMs;
  return {
    quiet,
    timeout: standsSince === undefined ? timeout : NEVER,
    stall: stalls(progress, deployment?.spec ?? {}),
  };
}

const NEVER = Number.POSITIVE_INFINITY;

function isUnobserved({ deployment }: Observation, { generation }: Awaited): boolean {
  return (deployment?.status?.observedGeneration ?? 0) < generation;
}

function advance(
  before: Progress,
  observation: Observation,
  status: RolloutStatus,
  { generation }: Awaited,
  now: number,
): Progress {
  const { deployment, pods = [] } = observation;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, observedGeneration = 0 } = deployment?.status ?? {};
  const { completeWith = status.state === 'done' ? (deployment?.spec.replicas ?? 1) : undefined } = before;
  const stands = status.state === 'done' || (completeWith !== undefined && has(completeWith, observation));
  const counts = [replicas, updatedReplicas, availableReplicas, pods.filter(isReady).length].join(' ');
  return {
    ...before,
    // A sync that was under way when we wrote may still report on the template that was left.
    ...(observedGeneration < generation && { progressingBefore: deployment && progressing(deployment) }),
    completeWith,
    standsSince: stands ? (before.standsSince ?? now) : undefined,
    lacksSince: before.standsSince !== undefined && !stands ? now : before.lacksSince,
    ...(counts !== before.counts && { counts, movedAt: now }),
  };
}

/** Whether as many pods are available as when it was complete: somebody who scales it up says nothing about the release. */
function has(completeWith: number, { deployment, carrier }: Observation): boolean {
  const { replicas = 0, updatedReplicas = 0 } = deployment?.status ?? {};
  const wanted = Math.min(completeWith, deployment?.spec.replicas ?? 1);
  return replicas <= updatedReplicas && (carrier?.status?.availableReplicas ?? 0) >= wanted && wanted > 0;
}

/** The controller forgets its deadline where a ReplicaSet is used again, so a second clock runs here. */
function stalls(
  { completeWith, movedAt }: Progress,
  { paused, progressDeadlineSeconds = 600 }: { readonly paused?: boolean; readonly progressDeadlineSeconds?: number },
): number {
  const never = completeWith !== undefined || paused || progressDeadlineSeconds >= NO_DEADLINE_SECONDS;
  return never ? NEVER : movedAt + progressDeadlineSeconds * 1000 + DEADLINE_LAG_MS;
}

function watching(status: RolloutStatus, { monitorMs }: Policy, left: number): string {
  const waits = status.state === 'done' && status.verified && left > PODS_LAG_MS && left < NEVER;
  return waits ? `${status.message}, watching them for ${Math.round(monitorMs / 1000)} s` : status.message;
}
