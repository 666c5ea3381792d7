import { expect, test } from '@jest/globals';
import { parseDuration } from '../../src/inputs/duration.ts';

test.each([
  ['1s', 1_000],
  ['90s', 90_000],
  ['10m', 600_000],
  ['1h30m', 5_400_000],
  ['1h0m5s', 3_605_000],
  ['120h', 432_000_000],
  ['  5m ', 300_000],
])('%s', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  '',
  ' ',
  '0s',
  '0h0m',
  '10',
  '-5m',
  '1.5h',
  '5 m',
  '30m1h',
  '10M',
  '5min',
  '1d',
  '1e3s',
  '٣m',
  '9999999s',
  '10m\n5s',
])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});
