import { afterAll, afterEach, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { roll } from '../../src/operations/roll.ts';
import type { Cluster } from '../../src/ports.ts';
import { abort, type CanaryGround, canary, deploy, openCanaryGround, promotion, returned } from './canary-ground.ts';

const ground: CanaryGround = await openCanaryGround();
const refs = ['web', 'api'];

afterAll(() => ground.close());
afterEach(() => ground.clear());

test('a workload that had the release before its canary began on another one is left alone', async () => {
  for (const name of refs) await ground.install(name, 2);
  expect(await roll(ground.ports, deploy('1.1'))).toMatchObject({ outcome: 'succeeded' });
  await roll(ground.ports, canary('1.1', [{ pods: 1 }], { refs }));
  expect([ground.pods('web'), ground.pods('api')]).toEqual([{ '1.1': 2 }, { '1.0': 2, '1.1': 1 }]);
  ground.patches();
  expect(await roll(ground.ports, abort({ refs }))).toMatchObject({
    ...{ outcome: 'aborted', release: '1.0', workloads: [{ workload: 'deployment/api' }] },
  });
  expect([ground.pods('web'), ground.pods('api'), ground.patches()]).toEqual([{ '1.1': 2 }, { '1.0': 2 }, 0]);
  expect(await returned(ground, 'api')).toBe(true);
});

test('what a promotion let go goes back with what it could not let go', async () => {
  for (const name of refs) await ground.install(name, 2);
  await roll(ground.ports, canary('1.1', [{ pods: 1 }], { refs }));
  const patchWorkload: Cluster['patchWorkload'] = async (ref, ...patch) => {
    if (ref.name === 'api') throw new ClusterError('rejected', 'the webhook says no');
    return ground.ports.cluster.patchWorkload(ref, ...patch);
  };
  await roll({ ...ground.ports, cluster: { ...ground.ports.cluster, patchWorkload } }, promotion('all', { refs }));
  expect([ground.pods('web'), ground.pods('api')]).toEqual([{ '1.1': 2 }, { '1.0': 2, '1.1': 1 }]);
  expect(await roll(ground.ports, abort({ refs }))).toMatchObject({ outcome: 'aborted', release: '1.0' });
  for (const name of refs) expect([ground.pods(name), await returned(ground, name)]).toEqual([{ '1.0': 2 }, true]);
});

test('of two workloads without a canary nothing is taken back', async () => {
  for (const name of refs) await ground.install(name, 2);
  const result = await roll(ground.ports, abort({ refs }));
  expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'no-canary', changed: false });
  for (const name of refs) expect(result.message).toContain(`${name}: no canary is held, 1.0 is live`);
});
