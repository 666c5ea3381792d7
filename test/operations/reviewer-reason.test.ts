import { describe, expect, test } from '@jest/globals';
import { GitHubError } from '../../src/errors.ts';
import { reviewerReason } from '../../src/operations/reviewer-reason.ts';
import type { Reviews } from '../../src/ports.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createLogBook } from '../fakes/log-book.ts';

const REQUEST = { runId: '4711', environment: 'production-promote', reason: 'nobody approved it' };

const rejected: Reviews = {
  ofRun: async () => [{ environments: ['production-promote'], state: 'rejected', login: 'hubot', comment: 'no' }],
};
const silent: Reviews = { ofRun: () => new Promise(() => {}) };

function failing(error: unknown): Reviews {
  return { ofRun: () => Promise.reject(error) };
}

async function ask(reviews: Reviews, request: Partial<typeof REQUEST> = {}, interrupt = new AbortController().signal) {
  const log = createLogBook();
  const clock = createFakeClock();
  const asked = reviewerReason({ reviews, clock, log, interrupt }, { ...REQUEST, ...request });
  await clock.advance(5_000);
  expect(clock.sleepers()).toBe(0);
  return { reason: await asked, infos: log.infos, warnings: log.warnings };
}

describe('the reason', () => {
  test('is the rejection, whatever else was given', async () => {
    const reason = 'rejected by @hubot in production-promote: no';
    expect(await ask(rejected)).toEqual({ reason, infos: [reason], warnings: [] });
  });

  test('is the given one where nobody rejected anything', async () => {
    expect(await ask({ ofRun: async () => [] })).toEqual({ reason: REQUEST.reason, infos: [], warnings: [] });
  });

  test.each([{ runId: '' }, { environment: '' }])(
    'is the given one where there is nobody to ask about: %j',
    async (without) => {
      const asked = await ask(failing(new Error('asked')), without);
      expect(asked).toEqual({ reason: REQUEST.reason, infos: [], warnings: [] });
    },
  );

  test('is of the run and the environment that were named', async () => {
    const asked: string[] = [];
    const reviews: Reviews = {
      ofRun: async (runId) => {
        asked.push(runId);
        return rejected.ofRun(runId);
      },
    };
    expect((await ask(reviews, { environment: 'staging' })).reason).toBe(REQUEST.reason);
    expect(asked).toEqual(['4711']);
  });
});

describe('without an answer', () => {
  test.each([
    new GitHubError('forbidden', 'add `permissions: { actions: read }` to the job'),
    new TypeError('a mistake'),
  ])('the reason is the given one, and a warning says why: %s', async (error) => {
    const { reason, warnings } = await ask(failing(error));
    expect(reason).toBe(REQUEST.reason);
    expect(warnings).toEqual([`nobody can say who rejected the release, if somebody did: ${error.message}`]);
  });

  test('nobody waits longer than 5 s', async () => {
    const { reason, warnings } = await ask(silent);
    expect(reason).toBe(REQUEST.reason);
    expect(warnings).toEqual([expect.stringContaining('GitHub did not answer within 5 s')]);
  });

  test('a cancelled run does not wait at all', async () => {
    const { reason, warnings } = await ask(silent, {}, AbortSignal.abort());
    expect(reason).toBe(REQUEST.reason);
    expect(warnings).toEqual([expect.stringContaining('before the run was cancelled')]);
  });
});
