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
  /** `halted`: nobody waits for it any more, since the run was cancelled or the rest of the train failed. */
  | { readonly state: 'failed' | 'timed-out' | 'deleted' | 'halted'; readonly message: string };

/** What earlier looks at a rollout leave for the next one. Times are milliseconds since the epoch. */
export interface Progress {
  readonly begin: number;
  readonly memory: Memory;
  readonly progressingBefore: Condition | undefined;
  /** Whether every pod was there once. */
  readonly completed: boolean;
  /** Since when it is complete without a break. */
  readonly doneAt: number | undefined;
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
  const nothing = { completed: false, doneAt: undefined, counts: '', memory: nothingSeen };
  return { begin: now, movedAt: now, progressingBefore, ...nothing };
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
  const seen: Seen = { deployment, carrier, pods, completed: moved.completed, at: now };
  const { memory, cause, warnings, quietAt, wakeAt } = judge(moved.memory, seen, awaited.policy);
  const progress = { ...moved, memory };
  const doneAt = progress.doneAt ?? now;
  const lag = (pods ?? []).filter(isReady).length >= (deployment.spec.replicas ?? 1) ? 0 : PODS_LAG_MS;
  const quiet = Math.max(quietAt ?? doneAt + awaited.policy.monitorMs, doneAt + lag);
  const timeoutAt = progress.begin + awaited.timeoutMs;
  const stalledAt = stalls(progress, deployment.spec);
  const why = () => explain(memory, seen, awaited.policy);

  const end = (): Assessment['end'] => {
    if (status.state === 'superseded') return { status, cause: undefined };
    if (cause) return { status: { state: 'failed', message: cause.message }, cause };
    if (status.state === 'stalled') return { status, cause: why() };
    if (status.state === 'done') return !status.verified || now >= quiet ? { status, cause: undefined } : undefined;
    if (now < Math.min(timeoutAt, stalledAt)) return undefined;
    if (isTolerable(memory, seen, awaited.policy)) {
      const message = `${status.message}; the rest fails, but max_failure_ratio tolerates it`;
      return { status: { state: 'done', verified: true, message }, cause: undefined };
    }
    const seconds = Math.round((now - (now < timeoutAt ? progress.movedAt : progress.begin)) / 1000);
    return now < timeoutAt
      ? { status: { state: 'stalled', message: `no progress for ${seconds} s: ${status.message}` }, cause: why() }
      : { status: { state: 'timed-out', message: `not complete after ${seconds} s: ${status.message}` }, cause: why() };
  };
  const waiting = status.state === 'done' ? [quiet] : [timeoutAt, stalledAt];
  return {
    progress,
    message: watching(status, awaited.policy, quiet - now),
    warnings,
    end: end(),
    wakeAt: Math.min(...waiting, wakeAt ?? Number.POSITIVE_INFINITY),
  };
}

function advance(
  before: Progress,
  { deployment, pods = [] }: Observation,
  status: RolloutStatus,
  { generation }: Awaited,
  now: number,
): Progress {
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, observedGeneration = 0 } = deployment?.status ?? {};
  const counts = [replicas, updatedReplicas, availableReplicas, pods.filter(isReady).length].join(' ');
  const done = status.state === 'done';
  return {
    ...before,
    // A sync that was under way when we wrote may still report on the template that was left.
    ...(observedGeneration < generation && { progressingBefore: deployment && progressing(deployment) }),
    completed: before.completed || done,
    doneAt: done ? (before.doneAt ?? now) : undefined,
    ...(counts !== before.counts && { counts, movedAt: now }),
  };
}

/** The controller forgets its deadline where a ReplicaSet is used again, so a second clock runs here. */
function stalls(
  { completed, movedAt }: Progress,
  { paused, progressDeadlineSeconds = 600 }: { readonly paused?: boolean; readonly progressDeadlineSeconds?: number },
): number {
  const never = completed || paused || progressDeadlineSeconds >= NO_DEADLINE_SECONDS;
  return never ? Number.POSITIVE_INFINITY : movedAt + progressDeadlineSeconds * 1000 + DEADLINE_LAG_MS;
}

function watching(status: RolloutStatus, { monitorMs }: Policy, left: number): string {
  const waits = status.state === 'done' && status.verified && left > PODS_LAG_MS;
  return waits ? `${status.message}, watching them for ${Math.round(monitorMs / 1000)} s` : status.message;
}
