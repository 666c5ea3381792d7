import { type HeldCanary, isHeldBack } from '../release/canary.ts';
import { showRelease } from '../release/release-text.ts';
import type { Step } from './prepare.ts';

/** The held canary of another release whose place a deploy takes: it was never all that was live. Undefined for none. */
export function canaryLeft(
  { survey, mode, change }: Pick<Step, 'survey' | 'mode' | 'change'>,
  release: string,
): HeldCanary | undefined {
  const { canary } = survey.state;
  const leaves = mode.mode === 'deploy' && change.kind === 'write' && canary !== undefined && isHeldBack(canary);
  return leaves && canary.release !== release ? canary : undefined;
}

/** A clause behind what was done: `, in place of the canary of 1.1`; empty where none is left. */
export function inPlaceOf(step: Step, release: string): string {
  const left = canaryLeft(step, release);
  return left ? `, in place of the canary of ${showRelease(left.release)}` : '';
}
