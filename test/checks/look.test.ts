import { expect, test } from '@jest/globals';
import { createCheck } from '../../src/checks/look.ts';
import type { Check, CheckAnswer } from '../../src/ports.ts';

const LATE: CheckAnswer = { state: 'fail', message: 'is late' };
const never = () => new Promise<CheckAnswer>(() => undefined);

/** Looks in a way that hears no signal. */
function deaf(late: () => CheckAnswer | Promise<CheckAnswer>, lookOnce = never): Check {
  return createCheck({ name: 'deaf', timeoutMs: 50, intervalMs: 1_000, threshold: 3 }, { early: true, late }, lookOnce);
}

test('a look that never ends is late all the same', async () => {
  const begin = performance.now();
  expect(await deaf(() => LATE).look(new AbortController().signal)).toEqual(LATE);
  expect(performance.now() - begin).toBeLessThan(3_500);
});

test.each<readonly [string, () => Promise<CheckAnswer>]>([
  ['the look', never],
  ['the question why it is late', async () => LATE],
])('the run is stopped while %s never ends: so does the check', async (_what, lookOnce) => {
  const stop = new AbortController();
  const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 100)).then(lookOnce);
  const looking = deaf(never, slow).look(stop.signal);
  setTimeout(() => stop.abort(), 200);
  expect(await looking).toEqual({ state: 'error', message: 'was stopped before it had an answer' });
});

test('one that ends soon after its time is waited for, so that it leaves nothing behind', async () => {
  let ended = false;
  const slow = async () => {
    await new Promise((resolve) => setTimeout(resolve, 500));
    ended = true;
    return LATE;
  };
  expect(await deaf(() => LATE, slow).look(new AbortController().signal)).toEqual(LATE);
  expect(ended).toBe(true);
});
