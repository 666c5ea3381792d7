import { expect, test } from '@jest/globals';
import { durationText } from '../../src/release/duration-text.ts';

test.each([
  [0, '0s'],
  [499, '0s'],
  [12_300, '12s'],
  [90_000, '1m30s'],
  [599_600, '10m'],
  [5_400_000, '1h30m'],
  [3_605_000, '1h'],
  [172_800_000, '48h'],
])('%i ms are %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
