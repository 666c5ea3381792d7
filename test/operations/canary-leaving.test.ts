import { afterAll, afterEach, expect, test } from '@jest/globals';
import type { Pod } from '../../sandbox/cluster/model/workload-objects.ts';
import { roll } from '../../src/operations/roll.ts';
import { eventually } from '../sandbox/cluster/cluster-fixture.ts';
import { type CanaryGround, canary, openCanaryGround, promotion, returned } from './canary-ground.ts';

/** Pods take their time to go, and meanwhile tell that their containers have ended. */
const ground: CanaryGround = await openCanaryGround({ stopMs: 1_500 });

afterAll(() => ground.close());
afterEach(async () => {
  ground.clear();
  await eventually(() => ground.cluster.objects.list('pods', 'shop').length === 0 || undefined);
});

const isNew = ({ spec }: Pod) => spec.containers.some(({ image }) => image.includes('1.1'));
const hasEnded = ({ metadata, status }: Pod) =>
  metadata.deletionTimestamp !== undefined && status.phase === 'Succeeded';
const newPods = () => ground.cluster.objects.list<Pod>('pods', 'shop').filter(isNew);
const ending = () => newPods().filter(hasEnded);

test('a held canary that was scaled down has crashed nowhere, and is promoted', async () => {
  await ground.install('web', 4);
  expect(await roll(ground.ports, canary('1.1', [{ pods: 2 }]))).toMatchObject({ outcome: 'paused' });
  ground.cluster.objects.patch('deployments', 'shop', 'web', { spec: { replicas: 2 } });
  await eventually(() => ending().length > 0 || undefined);
  expect(await roll(ground.ports, promotion('all'))).toMatchObject({ outcome: 'succeeded' });
  expect([ground.pods(), await returned(ground)]).toEqual([{ '1.1': 2 }, true]);
});

test('nor has one that is looked at while it waits', async () => {
  await ground.install('web', 4);
  const ended = roll(ground.ports, canary('1.1', [{ pods: 2 }, { percent: 100 }], { holdMs: 3_000 }));
  await eventually(() => ground.ports.log.infos.some((line) => line.includes('by itself')) || undefined);
  ground.cluster.objects.patch('deployments', 'shop', 'web', { spec: { replicas: 2 } });
  expect(await ended).toMatchObject({ outcome: 'succeeded' });
  expect([ground.pods(), await returned(ground)]).toEqual([{ '1.1': 2 }, true]);
});

test('a pod of a held canary that somebody deletes has crashed nowhere', async () => {
  await ground.install('web', 4);
  expect(await roll(ground.ports, canary('1.1', [{ pods: 2 }]))).toMatchObject({ outcome: 'paused' });
  const [deleted] = newPods().filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  ground.cluster.objects.delete('pods', 'shop', deleted?.metadata.name ?? '');
  await eventually(() => ending().some(({ metadata }) => metadata.uid === deleted?.metadata.uid) || undefined);
  expect(await roll(ground.ports, promotion('all'))).toMatchObject({ outcome: 'succeeded' });
  expect([ground.pods(), await returned(ground)]).toEqual([{ '1.1': 4 }, true]);
});
