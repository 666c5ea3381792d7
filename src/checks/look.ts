import { errorMessage } from '../errors.ts';
import { plainLine } from '../foreign/plain-text.ts';
import type { CheckTimes } from '../inputs/checks.ts';
import type { Check, CheckAnswer } from '../ports.ts';

const LONGEST_MESSAGE = 300;
/** Milliseconds for the reason why an answer is late. */
const LATE_MS = 5_000;
/** Milliseconds for which a look whose time is over is waited for: a program is killed meanwhile. */
const GRACE_MS = 2_000;

/**
 * Makes a check of one way to look: bounds it by the check's time-out, whether or not the look hears that its time is over,
 * and turns whatever it throws into an answer in one line. `late` is the answer when time runs out.
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
      const inTime = await within(timeoutMs, signal, lookOnce);
      const answer = inTime ?? (signal.aborted ? undefined : await within(LATE_MS, signal, late));
      const known = signal.aborted ? STOPPED : (answer ?? LATE);
      return { ...known, message: plainLine(known.message, LONGEST_MESSAGE) };
    },
  };
}

const STOPPED: CheckAnswer = { state: 'error', message: 'was stopped before it had an answer' };
const LATE: CheckAnswer = { state: 'error', message: 'has no answer in time' };

/** Undefined where the time was over, or all was stopped, before there was an answer. */
async function within(
  ms: number,
  stop: AbortSignal,
  look: (signal: AbortSignal) => Promise<CheckAnswer> | CheckAnswer,
): Promise<CheckAnswer | undefined> {
  const [time, over] = [new AbortController(), Promise.withResolvers<undefined>()];
  const signal = AbortSignal.any([stop, time.signal]);
  const timers = [setTimeout(() => time.abort(), ms)];
  const letGo = () => void timers.push(setTimeout(() => over.resolve(undefined), GRACE_MS));
  signal.addEventListener('abort', letGo, { once: true });
  const answer = await Promise.race([answerOf(() => look(signal)), over.promise]);
  signal.removeEventListener('abort', letGo);
  timers.forEach(clearTimeout);
  return signal.aborted ? undefined : answer;
}

async function answerOf(look: () => Promise<CheckAnswer> | CheckAnswer): Promise<CheckAnswer> {
  try {
    return await look();
  } catch (error) {
    return { state: 'error', message: errorMessage(error) };
  }
}
