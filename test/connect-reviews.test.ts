import { expect, test } from '@jest/globals';
import { openFakeGitHub } from '../sandbox/github/fake-github.ts';
import { connectReviews } from '../src/connect-reviews.ts';
import { createFakeRunner } from './fakes/fake-runner.ts';

test("connects the reviews of the repository's runs, hides the token first, and asks only once it is asked", async () => {
  const github = await openFakeGitHub();
  try {
    github.review('1', { state: 'rejected', login: 'hubot', comment: 'no' });
    const token = github.token({ actions: 'read' });
    const masked: string[] = [];
    const runner = createFakeRunner({});
    const context = { ...runner.context, apiUrl: github.url };
    const reviews = connectReviews(token, { ...runner, context, mask: (secret) => void masked.push(secret) });
    expect(masked).toEqual([token]);
    expect(github.requests).toEqual([]);
    expect(await reviews.ofRun(context.runId)).toMatchObject([{ state: 'rejected', login: 'hubot', comment: 'no' }]);
  } finally {
    await github.close();
  }
});
