import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type FakeGitHub, openFakeGitHub } from '../sandbox/github/fake-github.ts';
import { connectGate } from '../src/connect-gate.ts';
import { createFakeRunner } from './fakes/fake-runner.ts';
import { NEW_BLOCK, RUN_URL } from './github/gate-fixture.ts';

let github: FakeGitHub;
beforeEach(async () => {
  github = await openFakeGitHub();
});
afterEach(() => github.close());

test('connects the gate of the repository that the run belongs to, and hides the token first', async () => {
  const token = github.token({ deployments: 'write' });
  const masked: string[] = [];
  const runner = createFakeRunner({});
  const context = { ...runner.context, apiUrl: github.url, runUrl: RUN_URL };
  const connected = connectGate(token, { ...runner, context, mask: (secret) => void masked.push(secret) }, 'write');
  expect(masked).toEqual([token]);
  const id = await (await connected).append(NEW_BLOCK);
  expect(github.deployments()).toMatchObject([{ id, sha: context.sha, statuses: [{ logUrl: RUN_URL }] }]);
});
