import { describe, expect, test } from '@jest/globals';
import { GitHubError } from '../../src/errors.ts';
import { type Attempt, withRetries } from '../../src/github/retry.ts';
import { instantClock } from '../cluster/instant-clock.ts';

const error = new GitHubError('unreachable', 'away');
/** Milliseconds to wait at least, `never`, or `done`. */
type Step = number | 'never' | 'done';

async function run(steps: readonly Step[], signal?: AbortSignal, most?: number) {
  const [clock, left] = [instantClock(), [...steps]];
  const attempt = async (): Promise<Attempt<string>> => {
    const step = left.shift() ?? 'done';
    if (step === 'done') return { value: 'done' };
    return { failure: { error, retryAfterMs: step === 'never' ? undefined : step } };
  };
  const end = await withRetries(attempt, { clock, signal, most }).catch((thrown: unknown) => thrown);
  return { end, slept: clock.slept, left: left.length };
}

describe('withRetries', () => {
  test.each<[string, readonly Step[], unknown, number[]]>([
    ['a success', ['done'], 'done', []],
    ['what ends the same', ['never', 'done'], error, []],
    ['what passes', [0, 0, 'done'], 'done', [300, 1_000]],
    ['what stays', Array(9).fill(0), error, [300, 1_000, 2_000, 4_000]],
    ['a wait that is asked for', [5_000, 0, 'done'], 'done', [5_000, 1_000]],
    ['a wait shorter than the pause', [0, 0, 100, 'done'], 'done', [300, 1_000, 2_000]],
    ['the longest wait', [30_000, 'done'], 'done', [30_000]],
    ['a wait that is too long', [30_001, 'done'], error, []],
    ['waits that add up', Array(9).fill(15_000), error, [15_000, 15_000]],
  ])('%s', async (_, steps, end, slept) => {
    expect(await run(steps)).toMatchObject({ end, slept });
  });

  test.each([
    ['what the attempt before it ended with', [error], error],
    ['that it was given up, where there was none', [], new GitHubError('unreachable', 'given up')],
  ])('an attempt that we gave up tells %s', async (_, before, end) => {
    const given = new GitHubError('unreachable', 'given up');
    const failures = [
      ...before.map((each) => ({ error: each, retryAfterMs: 0 })),
      { error: given, retryAfterMs: 0, givenUp: true },
    ];
    const attempt = async (): Promise<Attempt<string>> => {
      const failure = failures.shift();
      return failure ? { failure } : { value: 'one attempt too many' };
    };
    await expect(withRetries(attempt, { clock: instantClock() })).rejects.toEqual(end);
  });

  test('no further attempt where none is wanted', async () => {
    expect(await run([0, 'done'], undefined, 0)).toEqual({ end: error, slept: [], left: 1 });
  });

  test('stops when the signal aborts', async () => {
    expect(await run([0, 'done'], AbortSignal.abort())).toEqual({ end: error, slept: [], left: 1 });
  });
});
