import { afterAll, afterEach, expect, test } from '@jest/globals';
import { roll } from '../../src/operations/roll.ts';
import { toOutputs } from '../../src/outputs.ts';
import { formatSummary } from '../../src/report/summary.ts';
import { abort, type CanaryGround, canary, openCanaryGround, openCheck, promotion } from './canary-ground.ts';
import { request } from './shop.ts';

const ground: CanaryGround = await openCanaryGround();

afterAll(() => ground.close());
afterEach(() => ground.clear());

test('of a train of which one was aborted before, only the other one was left', async () => {
  const refs = ['web', 'api'];
  for (const name of refs) await ground.install(name, 2);
  await roll(ground.ports, canary('1.1', [{ pods: 1 }], { refs }));
  await roll(ground.ports, abort());
  const result = await roll(ground.ports, abort({ refs }));
  expect(result.workloads.map(({ outcome }) => outcome)).toEqual(['unchanged', 'aborted']);
  expect(toOutputs(result)).toMatchObject({
    ...{ outcome: 'aborted', 'rolled-back': 'true', 'rolled-back-from': '1.1', 'rolled-back-to': '1.0' },
  });
  expect(formatSummary(result)).toMatch(/^### Aborted the canary of `1\.1`: release `1\.0` has all pods again/);
});

test('a promotion that looks once more, and takes it back, changed something', async () => {
  await ground.install('web', 2);
  const { checks, given } = openCheck('pass');
  await roll(ground.ports, canary('1.1', [{ pods: 1 }], { checks }));
  given.now = 'fail';
  const result = await roll(ground.ports, promotion('all', { checks }));
  expect([result.outcome, toOutputs(result).changed]).toEqual(['rolled-back', 'true']);
});

test.each([
  [true, { unblocked: ['1.1'] }],
  [false, {}],
])('without a gate, what was to be blocked is told (block-on-rollback: %s)', async (blockOnRollback, told) => {
  await ground.install('web', 2);
  await roll(ground.ports, canary('1.1'));
  const { gate } = await roll(ground.ports, abort({ blockOnRollback }));
  expect(gate).toEqual({ answer: 'off', blocks: [], warnings: [], ...told });
});

test('one in whose place somebody put another template is named by the rollback that takes its pods', async () => {
  await ground.install('web', 2);
  await roll(ground.ports, canary('1.1'));
  const containers = [{ name: 'web', image: 'rollkey.test/web:9.9' }];
  ground.cluster.objects.patch('deployments', 'shop', 'web', { spec: { template: { spec: { containers } } } });
  const { outcome, workloads } = await roll(ground.ports, request('1.0', { requested: 'rollback' }));
  expect(outcome).toBe('succeeded');
  expect(workloads[0]?.warnings).toEqual([
    expect.stringMatching(/^the canary of 1\.1, in whose place .*web:9\.9 was put, goes as well; this run does not/),
  ]);
  expect(ground.pods()).toEqual({ '1.0': 2 });
});

test('one that is deployed again over that is not said to go', async () => {
  await ground.install('web', 2);
  await roll(ground.ports, canary('1.1'));
  const containers = [{ name: 'web', image: 'rollkey.test/web:9.9' }];
  ground.cluster.objects.patch('deployments', 'shop', 'web', { spec: { template: { spec: { containers } } } });
  const { workloads } = await roll(ground.ports, request('1.1', { requested: 'deploy' }));
  expect(workloads[0]?.warnings.join()).not.toContain('goes as well');
});
