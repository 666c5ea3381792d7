import { expect, test } from '@jest/globals';
import { parseComposeDuration } from '../../src/inputs/compose-duration.ts';

test.each<readonly [unknown, number]>([
  [0, 0],
  ['0', 0],
  ['0s', 0],
  ['10s', 10_000],
  ['1m30s', 90_000],
  ['500ms', 500],
  ['1.5s', 1_500],
  ['1.1s', 1_100],
  ['0.3s', 300],
  ['2h32m', 9_120_000],
  ['5h34m56s', 20_096_000],
  ['1500us', 2],
  ['2000µs', 2],
  ['3000000ns', 3],
  ['30s1m', 90_000],
  ['120h', 432_000_000],
])('%j', (value, ms) => {
  expect(parseComposeDuration(value)).toBe(ms);
});

test.each<unknown>([
  ...[
    '',
    ' ',
    '10',
    '1.5',
    '-5s',
    '+5s',
    '5 s',
    ' 5s',
    '5s ',
    '1d',
    '10S',
    '5min',
    '1e3s',
    '.5s',
    '5.s',
    '1..5s',
    's',
    '٣m',
  ],
  ...['121h', '9999999999s', '5s\n', '120h1ms', '120h'.repeat(9)],
  ...[10, -1, Number.NaN, true, null, undefined, [], {}, ['5s']],
])('%j is no duration', (value) => {
  expect(parseComposeDuration(value)).toBeUndefined();
});
