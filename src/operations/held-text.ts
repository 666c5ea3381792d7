import { type CanaryReport, nextText } from '../release/canary-report.ts';
import { durationText } from '../release/duration-text.ts';
import { showRelease } from '../release/release-text.ts';
import type { WorkloadResult } from '../result.ts';

/**
 * How a canary is held, and what lets it go on: a person, or this run after `holdMs` milliseconds. `left` is why this run
 * does not, though it was to.
 */
export function heldText(
  { workload, release, canary }: Pick<WorkloadResult, 'workload' | 'release'> & { readonly canary: CanaryReport },
  { holdMs, left }: { readonly holdMs?: number | undefined; readonly left?: string } = {},
): string {
  const { pods, beside, from, next } = canary;
  const counts = `${pods} ${pods === 1 ? 'pod' : 'pods'} beside ${beside} of ${showRelease(from)}`;
  const then = next ? nextText(next) : 'all pods';
  const onward =
    holdMs === undefined
      ? `promote/ lets it go on to ${then}, abort/ takes it back`
      : `it goes on to ${then} by itself in ${durationText(holdMs)}, abort/ takes it back before`;
  const alone = left === undefined ? '' : `; ${left}, so it does not go on by itself`;
  return `${workload}: ${showRelease(release)} is held as a canary, ${counts}${alone}; ${onward}`;
}

/** Where a canary is held, how it stands once nobody lets it go on. */
export function leftHeld(each: WorkloadResult, why: string): WorkloadResult {
  if (!each.canary || !isHeld(each)) return each;
  const left = { ...each, canary: { ...each.canary, abandoned: true } };
  return { ...left, message: heldText(left, { left: why }) };
}

/** Whether a canary of it is held, and well. */
export function isHeld({ reasonCode }: Pick<WorkloadResult, 'reasonCode'>): boolean {
  return reasonCode === 'canary-held';
}
