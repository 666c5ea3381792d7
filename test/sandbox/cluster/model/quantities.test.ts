import { expect, test } from '@jest/globals';
import { formatQuantity, parseQuantity } from '../../../../sandbox/cluster/model/quantities.ts';

test.each([
  ['0', 0, '0'],
  [2, 2_000, '2'],
  ['100m', 100, '100m'],
  ['0.1', 100, '100m'],
  ['1500m', 1_500, '1500m'],
  ['2000m', 2_000, '2'],
  ['1u', 1, '1m'],
  ['1k', 1_000_000, '1000'],
  ['128Mi', 128 * 1024 ** 2 * 1000, '128Mi'],
  ['0.5Gi', 512 * 1024 ** 2 * 1000, '512Mi'],
  ['1e3', 1_000_000, '1000'],
])('%s is %d thousandths, written %s', (text, thousandths, written) => {
  expect(parseQuantity(text)).toBe(thousandths);
  expect(formatQuantity(thousandths)).toBe(written);
});

test.each(['', 'many', '1Xi', '1 Gi'])('%j is none', (text) => {
  expect(() => parseQuantity(text)).toThrow('is not a quantity');
});
