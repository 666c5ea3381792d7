import { describe, expect, test } from '@jest/globals';
import { parseQuantity, showQuantity } from '../../src/rollout/quantity.ts';

const NANO = 1_000_000_000n;

describe("Kubernetes' quantities", () => {
  test.each<readonly [string, bigint]>([
    ['0', 0n],
    ['3', 3n * NANO],
    ['250m', 250_000_000n],
    ['0.5', 500_000_000n],
    ['.5', 500_000_000n],
    ['5.', 5n * NANO],
    ['100n', 100n],
    ['100u', 100_000n],
    ['1k', 1000n * NANO],
    ['1M', 1_000_000n * NANO],
    ['2E', 2n * 10n ** 18n * NANO],
    ['1e3', 1000n * NANO],
    ['12E2', 1200n * NANO],
    ['1.5e-1', 150_000_000n],
    ['1Ki', 1024n * NANO],
    ['1.5Gi', 1_610_612_736n * NANO],
    ['8Ei', 8n * 2n ** 60n * NANO],
    ['0.0000000001', 1n],
  ])('%s', (text, amount) => {
    expect(parseQuantity(text)).toBe(amount);
  });

  test.each(['', '.', 'm', '-1', '1 Gi', '1gi', '1KB', '1e', '1e3Ki', '0x10', 'NaN', '1e999', '１', '1\n'])(
    '%j is none',
    (text) => {
      expect(parseQuantity(text)).toBeUndefined();
    },
  );

  test.each([
    ['0', '0'],
    ['3', '3'],
    ['2500m', '2500m'],
    ['2000m', '2'],
    ['1000', '1000'],
    ['1024Mi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['128974848', '123Mi'],
    ['1n', '1m'],
  ])('%s is shown as %s', (text, shown) => {
    expect(showQuantity(parseQuantity(text) ?? -1n)).toBe(shown);
  });
});
