/** Problems in what the user gave; all of them at once, each one line that says what to do. */
export class InputError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'InputError';
    this.problems = problems;
  }
}

export type ClusterErrorKind = 'not-found' | 'forbidden' | 'unauthorized' | 'conflict' | 'unreachable' | 'rejected';

/** What stops us at the Kubernetes API: an answer that cannot be worked with, or none. Never a verdict on a release. */
export class ClusterError extends Error {
  readonly kind: ClusterErrorKind;

  constructor(kind: ClusterErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ClusterError';
    this.kind = kind;
  }
}

/** The API server kept us from seeing a rollout to its end; what was said of it before is known. */
export class UnseenError extends ClusterError {
  /** With seconds since the watch began. */
  readonly timeline: readonly { readonly at: number; readonly text: string }[];

  constructor(cause: ClusterError, timeline: UnseenError['timeline']) {
    super(cause.kind, cause.message, { cause });
    this.timeline = timeline;
  }
}

export type GitHubErrorKind =
  | 'forbidden'
  | 'unauthorized'
  | 'not-found'
  /** Too many requests, for now. */
  | 'limited'
  | 'unreachable'
  | 'rejected';

/** What stops us at GitHub's API. Never a verdict on a release; it keeps the promotion gate closed. */
export class GitHubError extends Error {
  readonly kind: GitHubErrorKind;
  /** Milliseconds for which GitHub wants to be left alone; undefined where it did not say. A cause's holds on. */
  readonly retryAfterMs: number | undefined;

  constructor(
    kind: GitHubErrorKind,
    message: string,
    { retryAfterMs, ...options }: ErrorOptions & { readonly retryAfterMs?: number | undefined } = {},
  ) {
    super(message, options);
    this.name = 'GitHubError';
    this.kind = kind;
    const { cause } = options;
    this.retryAfterMs = retryAfterMs ?? (cause instanceof GitHubError ? cause.retryAfterMs : undefined);
  }
}

/** The text of anything that was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
