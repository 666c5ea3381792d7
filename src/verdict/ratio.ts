import { isReady } from '../rollout/pods.ts';
import { look, type Seen } from './look.ts';
import type { Memory } from './memory.ts';
import type { Policy } from './policy.ts';

/** Whether more of the desired pods failed than may: strictly more than the ratio, as in Swarm. */
export function isBeyondRatio(failed: Memory['failed'], { desired }: Seen, { maxFailureRatio }: Policy): boolean {
  return isBeyond(Object.keys(failed).length, desired, maxFailureRatio);
}

/**
 * Whether a rollout that a deadline ends is good enough: all desired pods are there and some are ready, and those that
 * are not by now, or failed before, are no more than may fail. Where none lacks there is nothing to tolerate.
 */
export function isTolerable(before: Memory, seen: Seen, { maxFailureRatio }: Policy): boolean {
  const { memory, pods } = look(before, seen);
  const unready = pods.filter((pod) => !isReady(pod)).map(({ metadata }) => metadata.uid);
  const failed = new Set([...unready, ...Object.keys(memory.failed)]);
  const allAreThere = pods.length >= seen.desired;
  const someLack = unready.length > 0 && unready.length < pods.length;
  return allAreThere && someLack && !isBeyond(failed.size, seen.desired, maxFailureRatio);
}

function isBeyond(failed: number, desired: number, ratio: number): boolean {
  return failed / Math.max(1, desired) > ratio;
}
