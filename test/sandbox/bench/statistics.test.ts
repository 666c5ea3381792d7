import { describe, expect, test } from '@jest/globals';
import { slopes } from '../../../sandbox/bench/growth.ts';
import { compare, median } from '../../../sandbox/bench/statistics.ts';

describe('median', () => {
  test.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  test('of nothing is not a number', () => {
    expect(median([])).toBeNaN();
  });
});

test('a comparison takes the ratios pair by pair: a machine that slows down between pairs does not count', () => {
  expect(compare([1, 10, 4], [2, 20, 2])).toEqual({ a: 4, b: 2, ratio: 0.5, range: [0.5, 2], pairs: 3 });
});

test('slopes are the same where growth is a straight line, whatever the distances between sizes', () => {
  const at = (size: number) => ({ size, value: 7 + 2 * size });
  expect(slopes([at(10), at(100), at(1000)])).toEqual([2, 2]);
});
