import { describe, expect, test } from '@jest/globals';
import { type Answer, type Asked, refusal } from '../../src/github/refusal.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const HOUR_MS = 3_600_000;
const asked: Asked = {
  access: 'write',
  needs: 'write',
  permission: 'deployments',
  repository: 'octo/shop',
  apiUrl: 'https://api.github.com',
  token: 'ghs_1',
  now: NOW,
};
const answer = (status: number, headers: Answer['headers'] = {}): Answer => ({ status, headers, data: {} });
const limitedUntil = (seconds: number) => ({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': NOW / 1000 + seconds });

describe('whoever is refused for now is told from when on it may be tried again', () => {
  test.each<readonly [string, Answer, number | undefined]>([
    ['a limit with a time', answer(429, { 'retry-after': '7' }), 7_000],
    ['a limit by the hour', answer(403, limitedUntil(1_800)), 1_801_000],
    ['a limit without a time', answer(429), 60_000],
    ['a limit for longer than its window', answer(429, { 'retry-after': '999999999999' }), HOUR_MS],
    ['a limit until a time that is far off', answer(403, limitedUntil(9_999_999)), HOUR_MS],
    ['a server that says when', answer(503, { 'retry-after': '20' }), 20_000],
    ['a server that does not', answer(502), undefined],
    ['a token that is refused for good', answer(401), undefined],
  ])('%s', (_, given, ms) => {
    const { error } = refusal(given, asked);
    expect(error.retryAfterMs).toBe(ms);
  });
});
