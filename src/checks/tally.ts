import type { CheckAnswer } from '../ports.ts';

/** What a check's answers come to so far. */
export interface Tally {
  readonly passes: number;
  /** Answers that were no pass. */
  readonly failures: number;
  readonly state: 'unknown' | 'passed' | 'failed' | 'inconclusive' | 'error';
  /** The last answer's, in one line; once a row counts, that of the last answer of its kind. */
  readonly message: string;
  /** How many answers in a row were passes, or were none. */
  readonly inRow: number;
  /** The mildest answer of the row and the last words of that kind; undefined in a row of passes. */
  readonly mildest?: { readonly state: 'failed' | 'inconclusive' | 'error'; readonly message: string };
}

export const nothingTallied: Tally = { passes: 0, failures: 0, state: 'unknown', message: '', inRow: 0 };

const STATES = { fail: 'failed', inconclusive: 'inconclusive', error: 'error' } as const;
/** Only a failure rolls a release back, so a row counts as its mildest answer. */
const MILDEST_FIRST = ['error', 'inconclusive', 'failed'] as const;

/**
 * Adds an answer. `threshold` answers in a row that are no pass decide, as the mildest of them: only a row of nothing but
 * failures is `failed`. Fewer leave the state as it was.
 */
export function tally(before: Tally, answer: CheckAnswer, threshold: number): Tally {
  const { message } = answer;
  if (answer.state === 'pass') {
    const inRow = before.mildest ? 1 : before.inRow + 1;
    return { passes: before.passes + 1, failures: before.failures, state: 'passed', message, inRow };
  }
  const inRow = before.mildest ? before.inRow + 1 : 1;
  const mildest = milder(before.mildest, { state: STATES[answer.state], message });
  const counts = { passes: before.passes, failures: before.failures + 1, inRow, mildest };
  return inRow >= threshold ? { ...counts, ...mildest } : { ...counts, state: before.state, message };
}

type Mildest = NonNullable<Tally['mildest']>;

function milder(known: Mildest | undefined, latest: Mildest): Mildest {
  if (!known) return latest;
  return MILDEST_FIRST.indexOf(latest.state) <= MILDEST_FIRST.indexOf(known.state) ? latest : known;
}
