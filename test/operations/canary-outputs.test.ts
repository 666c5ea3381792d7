import { afterAll, afterEach, expect, test } from '@jest/globals';
import { plan } from '../../src/operations/plan.ts';
import { roll } from '../../src/operations/roll.ts';
import { type Outputs, toOutputs } from '../../src/outputs.ts';
import type { Result } from '../../src/result.ts';
import { type CanaryGround, canary, openCanaryGround, promotion } from './canary-ground.ts';

const ground: CanaryGround = await openCanaryGround();
afterAll(() => ground.close());
afterEach(() => ground.clear());

const SIZES = [{ pods: 1 }, { pods: 2 }];
const conditions = (result: Result): Partial<Outputs> =>
  Object.fromEntries(
    Object.entries(toOutputs(result)).filter(([key, value]) => /^run-on-/.test(key) && value === 'true'),
  );

test('what accompanies a deploy is done when its canary begins, and not again at each size', async () => {
  await ground.install('web', 4);
  const begun = await roll(ground.ports, canary('1.1', SIZES));
  expect(conditions(begun)).toMatchObject({ 'run-on-deploy': 'true', 'run-on-minor-version-change': 'true' });
  const planned = await plan(ground.ports, canary('1.1', SIZES));
  expect([planned.outcome, conditions(planned)]).toEqual(['planned', {}]);
  expect(planned.workloads).toMatchObject([
    { plannedCanary: { from: '1.0', pods: 2, sizes: ['1', '2'] }, canary: { pods: 1, beside: 4 } },
  ]);
  for (const to of ['next', 'all'] as const) {
    const promoted = await roll(ground.ports, promotion(to));
    expect(conditions(promoted)).toEqual({});
    expect(toOutputs(promoted)).toMatchObject({
      ...{ mode: 'deploy', 'previous-release': '1.0', release: '1.1' },
      ...{ 'version-change': 'minor', direction: 'up' },
    });
  }
});

test.each([
  ['the same sizes', SIZES, []],
  [
    'other sizes',
    [{ pods: 1 }, { percent: 75 }],
    ['canary: 1, 75% is not applied: it began with 1, 2, and goes on by these'],
  ],
])('run again with %s', async (_, sizes, warnings) => {
  await ground.install('web', 4);
  await roll(ground.ports, canary('1.1', SIZES));
  const { workloads } = await roll(ground.ports, canary('1.1', sizes));
  expect([workloads[0]?.warnings, ground.pods()]).toEqual([warnings, { '1.0': 4, '1.1': 2 }]);
});

test('one that goes on within the run that began it is a deploy as any', async () => {
  await ground.install('web', 4);
  const result = await roll(ground.ports, canary('1.1', [{ pods: 1 }], { holdMs: 10 }));
  expect([result.outcome, conditions(result)]).toMatchObject(['succeeded', { 'run-on-deploy': 'true' }]);
});
