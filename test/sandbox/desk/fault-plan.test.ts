import { describe, expect, test } from '@jest/globals';
import { type FaultOptions, planFaults } from '../../../sandbox/desk/fault-plan.ts';

/** What happens to a hundred requests over one connection, or over one each. */
function hundred(options: FaultOptions, connections: 'one' | 'each' = 'one'): readonly (string | undefined)[] {
  const plan = planFaults(options);
  return Array.from({ length: 100 }, (_, index) => plan.next(connections === 'one' ? 1 : index + 1));
}

describe('a plan of faults', () => {
  test('is the same for the same seed, and another for another', () => {
    expect(hundred({ seed: 7 })).toEqual(hundred({ seed: 7 }));
    expect(hundred({ seed: 7 })).not.toEqual(hundred({ seed: 8 }));
  });

  test.each([
    [{ rate: 0 }, 0, 0],
    [{ rate: 1, most: 100 }, 100, 100],
    [{ rate: 1, most: 5 }, 5, 5],
    [{ rate: 0.2, most: 100 }, 5, 40],
  ])('%j: between %d and %d of a hundred requests are hit', (options, least, most) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const hit = hundred({ seed, ...options }).filter((fault) => fault !== undefined).length;
      expect(hit).toBeGreaterThanOrEqual(least);
      expect(hit).toBeLessThanOrEqual(most);
    }
  });

  test('draws from the kinds it is given, all of them', () => {
    const kinds = ['too-many', 'gone'] as const;
    expect(new Set(hundred({ seed: 3, kinds, rate: 1, most: 100 }))).toEqual(new Set(kinds));
  });

  test('breaks a share of the connections at one of their first eight requests', () => {
    const plan = planFaults({ seed: 11, rate: 0, most: 100, cutConnections: 0.5 });
    const broken = Array.from({ length: 100 }, (_, index) => Array.from({ length: 9 }, () => plan.next(index + 1)));
    const counts = broken.map((faults) => faults.filter((fault) => fault === 'reset').length);
    expect(new Set(counts)).toEqual(new Set([0, 1]));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(25);
    expect(new Set(broken.map((faults) => faults.indexOf('reset')))).toEqual(new Set([-1, 0, 1, 2, 3, 4, 5, 6, 7]));
  });
});
