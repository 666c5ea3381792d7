import type { GitHubError } from '../errors.ts';

/** An attempt that failed, and whether another one may not. */
export interface FailedAttempt {
  readonly error: GitHubError;
  /** Milliseconds to wait at least before the next attempt; undefined where that would end the same. */
  readonly retryAfterMs: number | undefined;
  /** Whether we gave it up ourselves, so that the attempt before it has more to tell. */
  readonly givenUp?: boolean;
}
