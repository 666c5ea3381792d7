import { afterEach, beforeEach } from '@jest/globals';
import { type FakeGitHub, openFakeGitHub } from '../../../sandbox/github/fake-github.ts';
import type { RateLimits } from '../../../sandbox/github/rate-limit.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what GitHub answers, each test knows its own
  readonly body: any;
}

export interface RestClient {
  readonly github: FakeGitHub;
  /** Sends a request; below the repository unless the path begins with a slash. A string is sent as it is. */
  readonly send: (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  /** Makes a deployment that no default can stop, and gives its id. */
  readonly deploy: (fields?: object) => Promise<number>;
  readonly setState: (id: number, state: string, fields?: object) => Promise<Answer>;
}

export const DEPLOYMENTS = '/repos/octo/shop/deployments';

/** A GitHub for each test, and a workflow's token that may write deployments. */
export function useGitHub(limits: RateLimits = {}): RestClient {
  let github: FakeGitHub;
  let token: string;
  beforeEach(async () => {
    github = await openFakeGitHub(limits);
    token = github.token({ deployments: 'write' });
  });
  afterEach(async () => await github.close());

  const client: RestClient = {
    get github() {
      return github;
    },
    send: async (method, path, body, headers = {}) => {
      const response = await fetch(path.startsWith('http') ? path : github.url + path, {
        method,
        headers: { authorization: `Bearer ${token}`, ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const json = response.headers.get('content-type')?.startsWith('application/json');
      return { status: response.status, headers: response.headers, body: json ? JSON.parse(text) : text };
    },
    deploy: async (fields = {}) => {
      const defaults = { ref: 'main', auto_merge: false, required_contexts: [] };
      return (await client.send('POST', DEPLOYMENTS, { ...defaults, ...fields })).body.id;
    },
    setState: (id, state, fields = {}) => client.send('POST', `${DEPLOYMENTS}/${id}/statuses`, { state, ...fields }),
  };
  return client;
}
