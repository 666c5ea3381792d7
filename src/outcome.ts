import type { Outcome } from './result.ts';

/** Whether a job with this outcome passes. */
export function passes(outcome: Outcome): boolean {
  return outcome === 'succeeded' || outcome === 'unchanged' || outcome === 'planned';
}
