import type { GitHubError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import type { FailedAttempt } from './failed-attempt.ts';

export type Attempt<T> = { readonly value: T } | { readonly failure: FailedAttempt };

interface RetryOptions {
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Further attempts at most. */
  readonly most?: number | undefined;
}

const PAUSES_MS = [300, 1_000, 2_000, 4_000];
const LONGEST_PAUSE_MS = 30_000;
/** Milliseconds after which nothing is tried again: one longest pause, and what comes around it. */
const BUDGET_MS = 40_000;

/**
 * Repeats an attempt that may end otherwise, at most 4 times, pausing as GitHub asks; what it asks for beyond 30 s is
 * not waited for. Fit for what does no harm twice: reads, and records, since they are only appended. Throws GitHubError: that
 * of the last attempt that was not given up.
 */
export async function withRetries<T>(
  attempt: () => Promise<Attempt<T>>,
  { clock, signal, most = PAUSES_MS.length }: RetryOptions,
): Promise<T> {
  const started = clock.now();
  let before: GitHubError | undefined;
  for (let count = 0; ; count += 1) {
    const outcome = await attempt();
    if ('value' in outcome) return outcome.value;
    const { error, retryAfterMs, givenUp = false } = outcome.failure;
    if (givenUp) throw before ?? error;
    before = error;
    const pause = Math.max(PAUSES_MS[count] ?? Number.POSITIVE_INFINITY, retryAfterMs ?? Number.POSITIVE_INFINITY);
    const over = count >= most || pause > LONGEST_PAUSE_MS || clock.now() + pause - started > BUDGET_MS;
    if (over || signal?.aborted) throw error;
    await clock.sleep(pause, signal);
    if (signal?.aborted) throw error;
  }
}
