import { errorMessage } from '../errors.ts';
import { plainLine } from '../foreign/plain-text.ts';
import type { CheckTimes } from '../inputs/checks.ts';
import type { Check, CheckAnswer } from '../ports.ts';

const LONGEST_MESSAGE = 300;

/**
 * Makes a check of one way to look: bounds it by the check's time-out, and turns whatever it throws into an answer in one
 * line. `late` is the answer when time runs out.
 */
export function createCheck(
  { name, timeoutMs, intervalMs, threshold }: CheckTimes,
  { early, late }: { readonly early: boolean; readonly late: () => Promise<CheckAnswer> | CheckAnswer },
  lookOnce: (signal: AbortSignal) => Promise<CheckAnswer>,
): Check {
  return {
    name,
    early,
    intervalMs,
    threshold,
    async look(signal) {
      if (signal.aborted) return STOPPED;
      const time = new AbortController();
      const timer = setTimeout(() => time.abort(), timeoutMs);
      const answer = await answerOf(() => lookOnce(AbortSignal.any([signal, time.signal])));
      clearTimeout(timer);
      const known = signal.aborted ? STOPPED : time.signal.aborted ? await answerOf(late) : answer;
      return { ...known, message: plainLine(known.message, LONGEST_MESSAGE) };
    },
  };
}

const STOPPED: CheckAnswer = { state: 'error', message: 'was stopped before it had an answer' };

async function answerOf(look: () => Promise<CheckAnswer> | CheckAnswer): Promise<CheckAnswer> {
  try {
    return await look();
  } catch (error) {
    return { state: 'error', message: errorMessage(error) };
  }
}
