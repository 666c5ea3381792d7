import type { Outcome } from './result.ts';

/** Whether a job with this outcome passes; `soft` lets one pass that had to roll back. */
export function passes(outcome: Outcome, soft = false): boolean {
  return ['succeeded', 'unchanged', 'planned', ...(soft ? ['rolled-back'] : [])].includes(outcome);
}
