import { isReady } from '../rollout/pods.ts';
import { look, type Seen } from './look.ts';
import type { Memory } from './memory.ts';
import type { Policy } from './policy.ts';

/** Whether more of the desired pods failed than may: strictly more than the ratio, as in Swarm. */
export function isBeyondRatio(failed: Memory['failed'], { maxFailureRatio }: Policy): boolean {
  return isBeyond(
    Object.values(failed).map(({ outOf }) => outOf),
    maxFailureRatio,
  );
}

/**
 * Whether a rollout that a deadline ends is good enough: all desired pods are there and some are ready, and those that
 * are not by now, or failed before, are no more than may fail. Where none lacks there is nothing to tolerate.
 */
export function isTolerable(before: Memory, seen: Seen, { maxFailureRatio }: Policy): boolean {
  const { memory, pods } = look(before, seen);
  const unready = pods.filter((pod) => !isReady(pod)).map(({ metadata }) => metadata.uid);
  const gone = Object.entries(memory.failed).flatMap(([uid, { outOf }]) => (unready.includes(uid) ? [] : [outOf]));
  const allAreThere = pods.length >= seen.desired;
  const someLack = unready.length > 0 && unready.length < pods.length;
  return allAreThere && someLack && !isBeyond([...gone, ...unready.map(() => seen.desired)], maxFailureRatio);
}

/** Of how many pods each failed one is one. Sums of such shares are not exact. */
function isBeyond(outOf: readonly number[], ratio: number): boolean {
  const share = outOf.reduce((sum, pods) => sum + 1 / Math.max(1, pods), 0);
  return share - ratio > 1e-12;
}
