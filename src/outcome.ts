import type { Result } from './result.ts';

const WELL: readonly Result['outcome'][] = ['succeeded', 'unchanged', 'planned', 'aborted'];

/**
 * Whether a job that ended so passes, or a workload's part of it: a canary that is held passes, though it is paused.
 * `soft` lets one pass that had to roll back.
 */
export function passes({ outcome, reasonCode }: Pick<Result, 'outcome' | 'reasonCode'>, soft = false): boolean {
  const held = outcome === 'paused' && reasonCode === 'canary-held';
  return WELL.includes(outcome) || held || (soft && outcome === 'rolled-back');
}

/** Whether what the run left may enter the next environment, since its block could not be written, and that one asks the gate. */
export function lacksBlock({ environment, gate }: Pick<Result, 'environment' | 'gate'>): boolean {
  return environment !== '' && gate.blocks.some(({ state }) => state === 'missing');
}
