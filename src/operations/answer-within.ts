import { GitHubError } from '../errors.ts';
import type { Clock } from '../ports.ts';

/**
 * What GitHub answers within some milliseconds, or before `interrupt` aborts; the signal tells the requests that nobody
 * waits for them any more. Throws GitHubError.
 */
export async function answerWithin<T>(
  clock: Clock,
  ms: number,
  ask: (signal: AbortSignal) => Promise<T>,
  interrupt?: AbortSignal,
): Promise<T> {
  const [answered, late] = [new AbortController(), new AbortController()];
  const tooLate = clock.sleep(ms, AbortSignal.any([answered.signal, ...(interrupt ? [interrupt] : [])])).then(() => {
    late.abort();
    throw new GitHubError('unreachable', `GitHub did not answer within ${ms / 1000} s`);
  });
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([ask(late.signal), tooLate]);
  } finally {
    answered.abort();
  }
}
