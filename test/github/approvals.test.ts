import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type FakeGitHub, openFakeGitHub } from '../../sandbox/github/fake-github.ts';
import type { Access } from '../../sandbox/github/tokens.ts';
import { createReviews } from '../../src/github/approvals.ts';
import { failureOf } from './gate-fixture.ts';

let github: FakeGitHub;
beforeEach(async () => {
  github = await openFakeGitHub();
});
afterEach(async () => {
  expect(github.violations).toEqual([]);
  await github.close();
});

function open({ actions = 'read', apiUrl = github.url }: { readonly actions?: Access; readonly apiUrl?: string } = {}) {
  const token = github.token({ deployments: 'write', actions });
  const clock = { now: () => github.clock.now(), sleep: async () => {} };
  return createReviews({ token, apiUrl, repository: github.repository, environment: {}, clock });
}

describe('the reviews of a run', () => {
  test('are those of its number, in one request', async () => {
    github.review('4711', { state: 'approved', login: 'octocat', environments: ['staging'], comment: 'go' });
    github.review('4711', { state: 'rejected', login: 'hubot', environments: ['production', 'other'] });
    github.review('4712', { state: 'rejected', login: 'somebody' });
    expect(await open().ofRun('4711')).toEqual([
      { environments: ['staging'], state: 'approved', login: 'octocat', comment: 'go' },
      { environments: ['production', 'other'], state: 'rejected', login: 'hubot', comment: '' },
    ]);
    expect(github.requests).toMatchObject([{ path: '/repos/octo/shop/actions/runs/4711/approvals', status: 200 }]);
  });

  test('are none where nobody had to say anything', async () => {
    expect(await open().ofRun('1')).toEqual([]);
  });

  test('are the same on an Enterprise Server', async () => {
    github.review('1', { state: 'rejected', login: 'hubot' });
    const [review] = await open({ apiUrl: `${github.url}/api/v3` }).ofRun('1');
    expect(review).toMatchObject({ login: 'hubot', environments: ['production'] });
  });

  test('stand, whatever the fields of one are', async () => {
    github.faults.next(1, { answer: 200, body: [{ state: 'rejected', user: null, environments: [null, {}] }, 7] });
    const nothing = { login: '', comment: '' };
    expect(await open().ofRun('1')).toEqual([
      { state: 'rejected', environments: ['', ''], ...nothing },
      { state: '', environments: [], ...nothing },
    ]);
  });
});

describe('a failure', () => {
  test('for want of a right names the line that is missing', async () => {
    expect(await failureOf(open({ actions: 'none' }).ofRun('1'))).toBe(
      'forbidden: repository octo/shop: the token may not read actions: add `permissions: { actions: read }` to the job',
    );
    expect(github.requests).toHaveLength(1);
  });

  test('for want of the run or the repository says what to check', async () => {
    expect(await failureOf(open().ofRun('none'))).toBe(
      `not-found: repository octo/shop: not found at ${github.url} with this token; check github-token, and that it may read actions`,
    );
  });

  test('for an answer of somebody else says so', async () => {
    github.faults.next(1, { answer: 200, body: { message: 'Welcome' } });
    expect(await failureOf(open().ofRun('1'))).toMatch(/^rejected: GitHub at .*: its answer is none of its API/);
  });

  test('that may pass is tried again', async () => {
    github.review('1', { state: 'rejected', login: 'hubot' });
    github.faults.next(2, { answer: 502 });
    expect(await open().ofRun('1')).toHaveLength(1);
    expect(github.requests).toHaveLength(3);
  });
});
