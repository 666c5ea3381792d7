import { getOctokit } from '@actions/github';
import { GitHubError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import { VERSION } from '../version.ts';
import { connectionFailure } from './connection-failure.ts';
import { createFetch } from './fetch.ts';
import { type Answer, type Permission, refusal } from './refusal.ts';
import { type Attempt, withRetries } from './retry.ts';

/** Where GitHub's API is, of which repository we speak, and as whom. */
export interface ApiAccess {
  readonly token: string;
  readonly apiUrl: string;
  /** `octo/shop` */
  readonly repository: string;
  /** For the proxy that it may name. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** The access that the job needs in all, where a call of it may ask for less: `permissions:` has to grant that. */
  readonly needs?: 'read' | 'write' | undefined;
  /** Milliseconds for one answer. */
  readonly timeout?: number | undefined;
}

export interface ApiCall {
  /** `GET /repos/{owner}/{repo}/deployments`: a template, so that nothing of others may be in it as it came. */
  readonly route: string;
  readonly access: 'read' | 'write';
  /** The line of `permissions:` that it takes; `deployments` unless given. */
  readonly permission?: Permission;
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** The status that is no refusal. */
  readonly expected: number;
  /** Whether it is worth a second attempt; it is, if not said otherwise. */
  readonly once?: boolean;
}

/** Asks GitHub's API, again where that may help. Throws GitHubError. */
export type Api = (call: ApiCall, signal?: AbortSignal) => Promise<Answer>;

// The oldest version that is served, so that every Enterprise Server in use knows it.
const API_VERSION = '2022-11-28';
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** GitHub's REST API as octokit speaks it. */
export function createApi({ token, apiUrl, repository, environment, clock, needs, timeout = 10_000 }: ApiAccess): Api {
  const octokit = getOctokit(token, {
    baseUrl: apiUrl,
    userAgent: `rollkey/${VERSION}`,
    log: SILENT,
    request: { fetch: createFetch({ apiUrl, environment, timeout }) },
  });

  async function attempt(
    { route, access, permission = 'deployments', parameters, expected }: ApiCall,
    abort?: AbortSignal,
  ): Promise<Attempt<Answer>> {
    const late = AbortSignal.timeout(timeout);
    const signal = abort ? AbortSignal.any([abort, late]) : late;
    const headers = { 'x-github-api-version': API_VERSION };
    const answered = octokit.request(route, { ...parameters, headers, request: { signal } });
    const outcome: Answer | { readonly error: unknown } = await answered.catch(answerOf);
    if ('error' in outcome) {
      if (abort?.aborted)
        return { failure: { error: interrupted(apiUrl, abort), retryAfterMs: undefined, givenUp: true } };
      const waited = { apiUrl, seconds: timeout / 1000, late: late.aborted };
      return { failure: connectionFailure(outcome.error, waited) };
    }
    if (outcome.status === expected) return { value: outcome };
    const asked = { access, needs: needs ?? access, permission, repository, apiUrl, token };
    return { failure: refusal(outcome, { ...asked, now: clock.now() }) };
  }

  return (call, signal) => {
    const most = call.once ? 0 : undefined;
    return withRetries(() => attempt(call, signal), { clock, signal, most });
  };
}

/** Octokit throws what GitHub refuses, and what never got there, alike. */
function answerOf(thrown: unknown): Answer | { readonly error: unknown } {
  const { response, cause } = thrown as { readonly response?: Answer; readonly cause?: unknown };
  return response ?? { error: cause ?? thrown };
}

function interrupted(apiUrl: string, { reason }: AbortSignal): GitHubError {
  if (reason instanceof GitHubError) return reason;
  return new GitHubError('unreachable', `GitHub at ${apiUrl}: the wait for its answer was given up`);
}
