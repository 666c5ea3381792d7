import { expect, test } from '@jest/globals';
import { formatAge, formatSeconds } from '../../src/report/duration.ts';

test.each([
  [0, '0s'],
  [0.2, '<1s'],
  [0.6, '1s'],
  [59.4, '59s'],
  [59.6, '1m'],
  [65, '1m 5s'],
  [600, '10m'],
  [605, '10m'],
  [3_660, '1h 1m'],
  [90_000, '1d 1h'],
  [864_000 + 3_600, '10d'],
  [-5, '0s'],
])('%d seconds are %s', (seconds, expected) => {
  expect(formatSeconds(seconds)).toBe(expected);
});

test.each([
  ['2026-11-21T01:00:00Z', '2h'],
  ['2026-11-21T04:00:00Z', '0s'],
  ['', ''],
  ['yesterday', ''],
])('age of %j', (at, expected) => {
  expect(formatAge(at, Date.parse('2026-11-21T03:00:00Z'))).toBe(expected);
});
