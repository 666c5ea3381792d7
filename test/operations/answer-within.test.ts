import { describe, expect, test } from '@jest/globals';
import { GitHubError } from '../../src/errors.ts';
import { answerWithin } from '../../src/operations/answer-within.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';

const PATIENCE = { ms: 5_000 };
const CUT = new GitHubError('unreachable', 'the connection was cut');

/** What somebody ends with who asks so, and after how many milliseconds at most. */
async function end(ask: (signal: AbortSignal) => Promise<string>, interrupt = new AbortController().signal) {
  const clock = createFakeClock();
  const begin = clock.now();
  const ended = answerWithin({ clock, interrupt }, PATIENCE, ask).then(
    (answer) => ({ answer, ms: clock.now() - begin }),
    ({ message }: Error) => ({ message, ms: clock.now() - begin }),
  );
  for (let count = 0; count < 60; count++) await clock.advance(100);
  return ended;
}

/** Tries again and again, and tells what came of it once nobody waits any more. */
function givingUp(tell: (signal: AbortSignal) => unknown) {
  return (signal: AbortSignal) =>
    new Promise<string>((_, reject) => signal.addEventListener('abort', () => reject(tell(signal))));
}

describe('answerWithin', () => {
  test('gives the answer', async () => {
    expect(await end(async () => 'open')).toEqual({ answer: 'open', ms: 0 });
  });

  test('tells what came of the tries, and not only that they took too long', async () => {
    expect(await end(givingUp(() => CUT))).toEqual({ message: CUT.message, ms: 4_900 });
  });

  test('tells that nobody answered where no try ended', async () => {
    const message = 'GitHub did not answer within 5 s';
    expect(await end(givingUp(({ reason }) => reason))).toEqual({ message, ms: 4_900 });
    expect(await end(() => new Promise(() => {}))).toEqual({ message, ms: 5_000 });
  });

  test('tells that the run was cancelled', async () => {
    const message = 'GitHub did not answer before the run was cancelled';
    expect(await end(() => new Promise(() => {}), AbortSignal.abort())).toEqual({ message, ms: 0 });
  });
});
