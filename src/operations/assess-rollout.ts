import { isControllerRevision } from '../rollout/controller-revision.ts';
import { heldByLostNodes } from '../rollout/lost-nodes.ts';
import { heldUp } from '../rollout/ordered-ready.ts';
import { countReady } from '../rollout/pods.ts';
import type { RolloutStatus } from '../rollout/status.ts';
import type { Cause } from '../verdict/cause.ts';
import { explain, isTolerable, judge, type Seen } from '../verdict/judge.ts';
import { rolloutBegan } from '../verdict/older-pod.ts';
import type { Policy } from '../verdict/policy.ts';
import type { Observation } from './observe.ts';
import {
  type Awaited,
  advance,
  type Deadlines,
  deadlinesOf,
  desiredPods,
  NEVER,
  PODS_LAG_MS,
  type Progress,
  statusOf,
} from './rollout-progress.ts';

export type EndStatus =
  | Exclude<RolloutStatus, { readonly state: 'progressing' }>
  /**
   * `halted`: nobody waits for it any more, since the run was cancelled or the rest of the train failed. `undecided`: out
   * of time, but by somebody's pause, the controllers' absence or nodes that do not answer, which says nothing about the
   * release.
   */
  | { readonly state: 'failed' | 'timed-out' | 'undecided' | 'deleted' | 'halted'; readonly message: string };

export interface Assessment {
  readonly progress: Progress;
  /** A clause for people: how far it is. */
  readonly message: string;
  readonly warnings: readonly string[];
  readonly end: { readonly status: EndStatus; readonly cause: Cause | undefined } | undefined;
  /** The best explanation of what it waits for; undefined when nothing is known. */
  readonly explain: () => Cause | undefined;
  /** When to look again although nothing changed. */
  readonly wakeAt: number;
}

/** Judges a rollout at one moment: how far it is, whether it ended, and when time alone may change that. */
export function assess(before: Progress, observation: Observation, awaited: Awaited, now: number): Assessment {
  const { deployment, carrier, pods, inTheWay } = observation;
  if (!deployment) {
    const status = { state: 'deleted', message: 'it was deleted during the rollout' } as const;
    const end = { status, cause: undefined };
    return { progress: before, message: status.message, warnings: [], end, explain: () => undefined, wakeAt: now };
  }
  const counted = statusOf(deployment, observation, awaited, before);
  const status = heldUp(counted, inTheWay, awaited.leftFailed);
  const moved = advance(before, observation, status, awaited, now);
  const desired = desiredPods(deployment, carrier, awaited);
  const { begin, completeWith } = moved;
  const began = awaited.isHeld ? undefined : rolloutBegan(awaited.deployment, begin);
  const seen: Seen = { deployment, carrier, pods, desired, completeWith, began, at: now };
  const { memory, cause, warnings, quietAt, wakeAt } = judge(moved.memory, seen, awaited.policy);
  const progress = { ...moved, memory };
  const deadlines = deadlinesOf(progress, observation, quietAt, awaited);
  const moment = { counted, status, observation, cause, progress, deadlines, now };
  const why = () => explain(memory, seen);
  const end = endOf(moment, awaited, {
    explain: why,
    isTolerable: () => isTolerable(memory, seen, awaited.policy),
  });
  return {
    progress,
    message: watching(status, awaited.policy, deadlines.quiet - now),
    warnings,
    end,
    explain: why,
    wakeAt: Math.min(...Object.values(deadlines).filter((at) => at > now), wakeAt ?? NEVER),
  };
}

interface Moment {
  /** How far it is, without what it waits for. */
  readonly counted: RolloutStatus;
  readonly status: RolloutStatus;
  readonly observation: Observation;
  readonly cause: Cause | undefined;
  readonly progress: Progress;
  readonly deadlines: Deadlines;
  readonly now: number;
}

function endOf(
  { counted, status, observation, cause, progress, deadlines: { quiet, timeout, stall }, now }: Moment,
  awaited: Awaited,
  known: { readonly explain: () => Cause | undefined; readonly isTolerable: () => boolean },
): Assessment['end'] {
  const ended = (end: EndStatus, why?: Cause) => ({ status: end, cause: why });
  const well = (message: string) => ended({ state: 'done', verified: true, message });
  if (status.state === 'superseded' || status.state === 'held-up') return ended(status);
  // Somebody stopped it to look: what happens next is theirs to say.
  const isPaused = observation.deployment?.spec.paused === true && awaited.isHeld !== true;
  if (cause && !isPaused) return ended({ state: 'failed', message: cause.message }, cause);
  if (status.state === 'done' && !status.verified) return ended(status);
  const stands = progress.standsSince !== undefined;
  if (stands && now < timeout) return now >= quiet ? well(status.message) : undefined;
  const stalled = status.state === 'stalled' && progress.completeWith === undefined;
  if (!stalled && now < timeout && (now < stall || isPaused)) return undefined;
  if (known.isTolerable()) return well(`${status.message}; the rest fails, but max_failure_ratio tolerates it`);
  const uncounted = now - progress.movedAt >= COUNTING_MS && isUncounted(observation);
  if (uncounted && now < timeout) return undefined;
  if (stands || uncounted) return ended({ state: 'undecided', message: contradicted(status, awaited) });
  const hasFailed = Object.keys(progress.memory.failed).length > 0;
  const lost = hasFailed ? undefined : heldByLostNodes(observation, now);
  // A progress deadline may be shorter than it takes the controllers to make pods of a lost node anew.
  if (lost && now < timeout) return undefined;
  if (stalled) return ended(status, late(`no progress for ${deadlineOf(observation)} s`, known.explain()));
  const why = known.explain();
  const seconds = Math.round((now - (now < timeout ? progress.movedAt : timeout - awaited.timeoutMs)) / 1000);
  if (lost)
    return ended({ state: 'undecided', message: `not complete after ${seconds} s: ${counted.message}; ${lost}` });
  const after = `not complete after ${seconds} s`;
  const message = `${after}: ${status.message}`;
  const isHeldUp = status.state === 'progressing' && status.isHeldUp === true;
  if (isPaused || isHeldUp || (isUnobserved(observation, awaited) && !why))
    return ended({ state: 'undecided', message });
  const still = `no progress for ${seconds} s`;
  return now < timeout
    ? ended({ state: 'stalled', message: `${still}: ${status.message}` }, late(still, why))
    : ended({ state: 'timed-out', message }, late(after, why));
}

/** A cause that no rule acted on. */
function late(deadline: string, cause: Cause | undefined): Cause | undefined {
  return cause && { ...cause, deadline };
}

function deadlineOf({ deployment }: Observation): number {
  return deployment?.spec.progressDeadlineSeconds ?? 600;
}

/** Milliseconds within which controllers count a pod that got ready, where they are there. */
const COUNTING_MS = 5_000;

/** Whether pods are ready that nobody counts: controllers that are away, or just back, say nothing about the release. */
function isUncounted({ carrier, pods = [] }: Observation): boolean {
  if (!carrier || isControllerRevision(carrier)) return false;
  return countReady(pods) > (carrier.status?.readyReplicas ?? 0);
}

/** Nobody counts any more: pods went down or came up meanwhile. */
function contradicted({ message }: RolloutStatus, { timeoutMs }: Awaited): string {
  return `not complete after ${Math.round(timeoutMs / 1000)} s: ${message}, by counts that the pods contradict`;
}

function isUnobserved({ deployment }: Observation, { generation }: Awaited): boolean {
  return (deployment?.status?.observedGeneration ?? 0) < generation;
}

function watching(status: RolloutStatus, { monitorMs }: Policy, left: number): string {
  const waits = status.state === 'done' && status.verified && left > PODS_LAG_MS && left < NEVER;
  return waits ? `${status.message}, watching them for ${Math.round(monitorMs / 1000)} s` : status.message;
}
