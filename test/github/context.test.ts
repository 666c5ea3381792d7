import { tmpdir } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import { readContext } from '../../src/github/context.ts';

const RUNNER = {
  GITHUB_EVENT_NAME: 'push',
  GITHUB_ACTOR: 'octocat',
  GITHUB_TRIGGERING_ACTOR: 'hubot',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'octo/shop',
  GITHUB_RUN_ID: '4711',
  RUNNER_TEMP: '/runner/temp',
};

describe('readContext', () => {
  test('says what started the run, who, and where it is shown', () => {
    expect(readContext(RUNNER)).toEqual({
      trigger: 'push',
      actor: 'hubot',
      runUrl: 'https://github.com/octo/shop/actions/runs/4711',
      temp: '/runner/temp',
    });
  });

  test('who started it first, where the runner does not say who started it again', () => {
    expect(readContext({ ...RUNNER, GITHUB_TRIGGERING_ACTOR: '' }).actor).toBe('octocat');
  });

  test.each(['GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_RUN_ID'])('no half URL without %s', (name) => {
    expect(readContext({ ...RUNNER, [name]: undefined }).runUrl).toBe('');
  });

  test('nothing, outside a runner', () => {
    expect(readContext({})).toEqual({ trigger: '', actor: '', runUrl: '', temp: tmpdir() });
  });
});
