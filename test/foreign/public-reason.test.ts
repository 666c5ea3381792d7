import { expect, test } from '@jest/globals';
import { publicReason } from '../../src/foreign/public-reason.ts';
import { HOSTILE } from '../report/hostile.ts';

const TOKEN = `ghp_${'a'.repeat(36)}`;

test('a reason is one line of at most 500 characters', () => {
  expect(publicReason(' it leaks\nmemory ')).toBe('it leaks memory');
  expect(publicReason('x'.repeat(501))).toBe(`${'x'.repeat(499)}…`);
});

test.each([
  ['it says itself', `by ${TOKEN}`],
  ['that the cut goes through', `${'x'.repeat(480)} ${TOKEN}`],
  ['that an escape sequence parts', `by ghp_\u001b[0m${'a'.repeat(36)}`],
  ['in an address', 'cannot reach https://mona:hunter2-very-secret@example.com'],
])('a credential %s is not in it', (_, reason) => {
  expect(publicReason(reason)).toContain('*');
  expect(publicReason(reason)).not.toMatch(/ghp_|aaaa|hunter2/);
});

test.each(Object.entries(HOSTILE))('said twice it is the same: %s', (_, hostile) => {
  const reason = publicReason(hostile);
  expect(publicReason(reason)).toBe(reason);
  expect(reason).not.toMatch(/\p{Cc}/u);
});
