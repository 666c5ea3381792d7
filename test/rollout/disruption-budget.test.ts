import { describe, expect, test } from '@jest/globals';
import { exceededBudgets } from '../../src/rollout/disruption-budget.ts';
import type { DisruptionBudget } from '../../src/rollout/neighbours.ts';
import { budgetOf } from './neighbour.ts';

const exceeded = (budget: DisruptionBudget, missing: number, replicas = 4) =>
  exceededBudgets([budget], { labels: { app: 'web' }, replicas, missing });

describe('a budget that a rollout may fall below', () => {
  test('is named, with both figures', () => {
    expect(exceeded(budgetOf({ minAvailable: 3 }), 2)).toEqual([
      'up to 2 of 4 pods may be missing during the rollout, and PodDisruptionBudget shop/web-budget allows 1: ' +
        'a rollout does not ask budgets; use order: start-first, or a smaller parallelism',
    ]);
  });

  test.each<readonly [DisruptionBudget['spec'], number, number, boolean]>([
    [{ minAvailable: 3 }, 1, 4, false],
    [{ minAvailable: 4 }, 1, 4, true],
    [{ minAvailable: 9 }, 0, 4, false],
    [{ minAvailable: '50%' }, 2, 4, false],
    [{ minAvailable: '50%' }, 3, 5, true],
    [{ minAvailable: '100%' }, 1, 4, true],
    [{ maxUnavailable: 1 }, 1, 4, false],
    [{ maxUnavailable: 1 }, 2, 4, true],
    [{ maxUnavailable: 0 }, 1, 4, true],
    [{ maxUnavailable: '25%' }, 2, 5, false],
    [{ maxUnavailable: '25%' }, 3, 5, true],
    [{}, 4, 4, false],
  ])('%j, %d of %d missing: %s', (spec, missing, replicas, is) => {
    expect(exceeded(budgetOf(spec), missing, replicas)).toHaveLength(is ? 1 : 0);
  });

  test("may count other workloads' pods as well", () => {
    expect(exceeded(budgetOf({ minAvailable: 6 }, 8), 2)).toEqual([]);
    expect(exceeded(budgetOf({ minAvailable: 6 }, 8), 3)).toHaveLength(1);
  });

  test.each<readonly [string, DisruptionBudget['spec'], boolean]>([
    ['other pods', { selector: { matchLabels: { app: 'api' } } }, false],
    ['all pods', { selector: {} }, true],
    ['In', { selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] } }, true],
    ['not In', { selector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['api'] }] } }, false],
    ['NotIn', { selector: { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] } }, false],
    [
      'NotIn, without it',
      { selector: { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['db'] }] } },
      true,
    ],
    ['Exists', { selector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] } }, true],
    ['not Exists', { selector: { matchExpressions: [{ key: 'tier', operator: 'Exists' }] } }, false],
    ['DoesNotExist', { selector: { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] } }, false],
  ])('that selects %s', (_, spec, is) => {
    expect(exceeded(budgetOf({ maxUnavailable: 0, ...spec }), 1)).toHaveLength(is ? 1 : 0);
  });

  test('without a selector selects nothing', () => {
    const { metadata, spec } = budgetOf({ maxUnavailable: 0 });
    const { selector: _none, ...unselective } = spec;
    expect(exceeded({ metadata, spec: unselective }, 4)).toEqual([]);
  });
});
