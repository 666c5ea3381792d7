import { GitHubError, type GitHubErrorKind } from '../errors.ts';
import { plainLine } from '../foreign/plain-text.ts';
import type { FailedAttempt } from './failed-attempt.ts';

/** An answer of GitHub's API, of any status. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

/** A right of a job's token, by the words of a workflow's `permissions:`. */
export type Permission = 'deployments' | 'actions';

/** What was asked for, of whom, and when (milliseconds since the epoch). */
export interface Asked {
  readonly access: 'read' | 'write';
  /** What the job needs in all: `write` where it writes later. */
  readonly needs: 'read' | 'write';
  readonly permission: Permission;
  readonly repository: string;
  readonly apiUrl: string;
  /** Never shown, not even where GitHub says it. */
  readonly token: string;
  readonly now: number;
}

const LONGEST_SAID = 300;
/** The window of GitHub's limits. */
const LONGEST_WAIT_MS = 3_600_000;

/** What an answer other than the one that was asked for means to the user, and whether it may pass. */
export function refusal(answer: Answer, asked: Asked): FailedAttempt {
  const { status } = answer;
  const { access, needs, permission, repository, apiUrl, token } = asked;
  const right = `${access} ${permission}`;
  const subject = `repository ${repository}`;
  const said = saidOf(answer.data, token);
  const quoted = said === '' ? '' : ` (${said})`;
  const final = (kind: GitHubErrorKind, message: string): FailedAttempt => ({
    error: new GitHubError(kind, message),
    retryAfterMs: undefined,
  });

  if (isLimit(answer, said)) return limit(answer, asked);
  switch (status) {
    case 401:
      return final('unauthorized', `${subject}: GitHub does not accept the token${quoted}; check github-token`);
    case 403: {
      const why = /^resource not accessible by integration/i.test(said) ? '' : quoted;
      const line = `add \`permissions: { ${permission}: ${needs} }\` to the job`;
      return final('forbidden', `${subject}: the token may not ${right}${why}: ${line}`);
    }
    case 404: {
      const check = `check github-token, and that it may ${right}`;
      return final('not-found', `${subject}: not found at ${apiUrl} with this token; ${check}`);
    }
    default:
  }
  if (status >= 500) {
    const why = `it answers ${status}${quoted}; look at its status page, and run again`;
    const retryAfterMs = afterOf(answer);
    const error = new GitHubError('unreachable', `GitHub at ${apiUrl}: ${why}`, { retryAfterMs });
    return { error, retryAfterMs: retryAfterMs ?? 0 };
  }
  const what = access === 'write' ? 'GitHub did not take the record' : `GitHub does not show its ${permission}`;
  return final('rejected', `${subject}: ${what}: ${status}${quoted}`);
}

/** As GitHub documents it: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
function isLimit({ status, headers }: Answer, said: string): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  const used = headers['x-ratelimit-remaining'] !== undefined && Number(headers['x-ratelimit-remaining']) === 0;
  return used || headers['retry-after'] !== undefined || /rate limit|abuse detection/i.test(said);
}

function limit(answer: Answer, { repository, now }: Asked): FailedAttempt {
  // Without a word on when, GitHub wants a minute.
  const retryAfterMs = afterOf(answer) ?? resetOf(answer, now) ?? 60_000;
  const time = `${new Date(now + retryAfterMs).toISOString().slice(11, 19)} UTC`;
  const why = `GitHub takes no more requests of this token before ${time}; run again then`;
  return { error: new GitHubError('limited', `repository ${repository}: ${why}`, { retryAfterMs }), retryAfterMs };
}

function afterOf({ headers }: Answer): number | undefined {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1_000, LONGEST_WAIT_MS) : undefined;
}

function resetOf({ headers }: Answer, now: number): number | undefined {
  const seconds = Number(headers['x-ratelimit-reset']);
  if (Number(headers['x-ratelimit-remaining']) !== 0 || !Number.isFinite(seconds)) return undefined;
  // A second more, since both clocks are a little wrong.
  return Math.min(Math.max(seconds * 1_000 + 1_000 - now, 1_000), LONGEST_WAIT_MS);
}

/** GitHub's own words, on one line; empty where it sent a page instead. */
function saidOf(data: unknown, token: string): string {
  if (typeof data !== 'object' || data === null) return '';
  const { message, errors } = data as { readonly message?: unknown; readonly errors?: unknown };
  const details = Array.isArray(errors) ? errors.map(detailOf).filter((detail) => detail !== '') : [];
  const said = [typeof message === 'string' ? message : '', details.join(', ')].filter((part) => part !== '');
  return plainLine(said.join(': ').replaceAll(token, '***'), LONGEST_SAID);
}

function detailOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { message, field, code } = error as Readonly<Record<string, unknown>>;
  return typeof message === 'string' ? message : [field, code].filter((part) => typeof part === 'string').join(' ');
}
