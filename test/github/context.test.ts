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
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
  GITHUB_API_URL: 'https://github.example.com/api/v3',
  RUNNER_TEMP: '/runner/temp',
};

describe('readContext', () => {
  test('says what started the run, who, and where it is shown', () => {
    expect(readContext(RUNNER)).toEqual({
      trigger: 'push',
      actor: 'hubot',
      runUrl: 'https://github.com/octo/shop/actions/runs/4711',
      runId: '4711',
      runAttempt: 2,
      repository: 'octo/shop',
      sha: '0123456789abcdef0123456789abcdef01234567',
      apiUrl: 'https://github.example.com/api/v3',
      temp: '/runner/temp',
    });
  });

  test.each(['https://github.example.com/api/v3/', 'https://github.example.com/api/v3//'])(
    'the API without a slash at its end: %s',
    (url) => {
      expect(readContext({ ...RUNNER, GITHUB_API_URL: url }).apiUrl).toBe('https://github.example.com/api/v3');
    },
  );

  test('who started it first, where the runner does not say who started it again', () => {
    expect(readContext({ ...RUNNER, GITHUB_TRIGGERING_ACTOR: '' }).actor).toBe('octocat');
  });

  test.each(['GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_RUN_ID'])('no half URL without %s', (name) => {
    expect(readContext({ ...RUNNER, [name]: undefined }).runUrl).toBe('');
  });

  test('nothing, outside a runner', () => {
    expect(readContext({})).toEqual({
      ...{ trigger: '', actor: '', runUrl: '', runId: '', runAttempt: 1, repository: '', sha: '' },
      ...{ apiUrl: 'https://api.github.com', temp: tmpdir() },
    });
  });
});
