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

  constructor(kind: GitHubErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'GitHubError';
    this.kind = kind;
  }
}

/** The text of anything that was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
