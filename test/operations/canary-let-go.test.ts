import { afterAll, afterEach, expect, test } from '@jest/globals';
import { roll } from '../../src/operations/roll.ts';
import { fieldsOf } from '../../src/rollout/loan.ts';
import { eventually } from '../sandbox/cluster/cluster-fixture.ts';
import {
  abort,
  type CanaryGround,
  canary,
  gateBlocking,
  OWN,
  openCanaryGround,
  promotion,
  returned,
} from './canary-ground.ts';
import { refOf, request } from './shop.ts';

const ground: CanaryGround = await openCanaryGround();
const SIZES = [{ pods: 1 }, { pods: 2 }];

afterAll(() => ground.close());
afterEach(() => ground.clear());

const patch = (spec: object) => ground.cluster.objects.patch('deployments', 'shop', 'web', { spec });

test('somebody let it go by hand: no gate is put onto what is all there', async () => {
  await ground.install('web', 4);
  await roll(ground.ports, canary('1.1', SIZES));
  const { maxSurge, maxUnavailable, ...others } = OWN;
  patch({ ...others, strategy: { rollingUpdate: { maxSurge, maxUnavailable } } });
  await eventually(() => ground.pods()['1.1'] === 4 || undefined);
  const available = () => ground.deployment().status?.availableReplicas;
  expect(await roll(ground.ports, promotion('next'))).toMatchObject({ outcome: 'succeeded' });
  expect([fieldsOf(ground.deployment()), available(), await returned(ground)]).toEqual([OWN, 4, true]);
});

test('somebody scaled it to nothing and up again: the canary has all pods, and takes over', async () => {
  await ground.install('web', 2);
  await roll(ground.ports, canary('1.1', [{ pods: 1 }, { pods: 2 }]));
  patch({ replicas: 0 });
  await eventually(() => Object.keys(ground.pods()).length === 0 || undefined);
  patch({ replicas: 2 });
  await eventually(() => ground.pods()['1.1'] === 2 || undefined);
  expect(await roll(ground.ports, promotion('next'))).toMatchObject({ outcome: 'succeeded' });
  expect([ground.pods(), await returned(ground)]).toEqual([{ '1.1': 2 }, true]);
});

test('its note is lost: every run says what holds it, and a rollback by name ends it', async () => {
  await ground.install('web', 2);
  await roll(ground.ports, canary('1.1'));
  for (const { metadata } of ground.cluster.objects.list('configMaps', 'shop'))
    ground.cluster.objects.delete('configMaps', 'shop', metadata.name);
  for (const wanted of [promotion(), abort(), canary('1.1')])
    expect((await roll(ground.ports, wanted)).message).toContain(
      '1.1 is held back as a canary is, and no note of it is left; roll back by name (mode: rollback)',
    );
  expect(ground.pods()).toEqual({ '1.0': 2, '1.1': 1 });
  expect(await roll(ground.ports, request('1.0', { requested: 'rollback' }))).toMatchObject({ outcome: 'succeeded' });
  expect(ground.pods()).toEqual({ '1.0': 2 });
});

test('another template was put in its place: an abort says so, and a rollback by name ends it', async () => {
  await ground.install('web', 2);
  await roll(ground.ports, canary('1.1'));
  patch({ template: { spec: { containers: [{ name: 'web', image: 'rollkey.test/web:9.9' }] } } });
  const { message } = await roll(ground.ports, abort());
  expect(message).toContain(
    'was put in the place of the canary of 1.1, and is held back as that was: the pods from before still serve; roll back by name',
  );
  expect(ground.pods()).toEqual({ '1.0': 2, '1.1': 1 });
  expect(await roll(ground.ports, request('1.0', { requested: 'rollback' }))).toMatchObject({ outcome: 'succeeded' });
  expect([ground.pods(), await returned(ground)]).toEqual([{ '1.0': 2 }, true]);
});

test('somebody reset what holds it, but not its pause: the gate is asked before it goes on', async () => {
  await ground.install('web', 4);
  await roll(ground.ports, canary('1.1', SIZES));
  patch({ minReadySeconds: 0 });
  ground.patches();
  const ports = { ...ground.ports, gate: await gateBlocking('1.1') };
  for (const to of ['next', 'all'] as const)
    expect(await roll(ports, promotion(to, { environment: 'production' }))).toMatchObject({ outcome: 'blocked' });
  expect([ground.patches(), ground.pods()]).toEqual([0, { '1.0': 4, '1.1': 1 }]);
});

test('blocked between the question and the write, and somebody scales it: it is asked again, and does not go on', async () => {
  await ground.install('web', 4);
  await roll(ground.ports, canary('1.1', SIZES));
  const [free, blocking] = [await gateBlocking(), await gateBlocking('1.1')];
  let gate = free;
  const patchWorkload: typeof ground.ports.cluster.patchWorkload = (...write) => {
    if (gate === free && !write[2]?.dryRun) {
      gate = blocking;
      patch({ replicas: 5 });
    }
    return ground.ports.cluster.patchWorkload(...write);
  };
  const asked = { ...free, read: (...about: Parameters<typeof free.read>) => gate.read(...about) };
  const ports = { ...ground.ports, cluster: { ...ground.ports.cluster, patchWorkload }, gate: asked };
  const result = await roll(ports, promotion('next', { environment: 'production' }));
  expect(result).toMatchObject({ outcome: 'blocked', workloads: [{ canary: { from: '1.0', size: '1' } }] });
  const { ledger } = await ground.ledgers.read(refOf('web'));
  expect([ground.pods()['1.1'], ledger.canary?.release]).toEqual([1, '1.1']);
});
