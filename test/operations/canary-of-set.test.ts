import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import type { StatefulSet } from '../../sandbox/cluster/model/set-objects.ts';
import type { Pod } from '../../sandbox/cluster/model/workload-objects.ts';
import { roll } from '../../src/operations/roll.ts';
import type { Result } from '../../src/result.ts';
import { createMemoryGate } from '../fakes/memory-gate.ts';
import { eventually } from '../sandbox/cluster/cluster-fixture.ts';
import { isStatefulSetRolledOut, statefulSetManifest } from '../sandbox/cluster/set-fixture.ts';
import { type CanaryGround, canary, openCanaryGround } from './canary-ground.ts';

const ground: CanaryGround = await openCanaryGround();
const { objects } = ground.cluster;
let logged = 0;

afterAll(() => ground.close());
afterEach(() => {
  ground.clear();
  objects.delete('statefulSets', 'shop', 'db');
  logged = ground.ports.log.infos.length;
});

const said = (text: string) => () =>
  ground.ports.log.infos.slice(logged).some((line) => line.includes(text)) || undefined;

/** A run that holds the highest pod of a StatefulSet. */
async function holdOne(replicas = 3): Promise<{ readonly ended: Promise<Result> }> {
  objects.apply(statefulSetManifest('db', '1.0', { replicas }));
  await eventually(() => isStatefulSetRolledOut(ground.cluster, 'db'));
  const how = { images: 'web=rollkey.test/web:1.1', holdMs: 6_000, timeoutMs: 2_000, environment: 'production' };
  const refs = [{ kind: 'statefulset', namespace: 'shop', name: 'db' }] as const;
  const ended = roll({ ...ground.ports, gate: createMemoryGate() }, { ...canary('1.1', [{ pods: 1 }], how), refs });
  await eventually(said('by itself'));
  return { ended };
}

/** Takes the canary's pod away, and leaves no room for another one. */
async function takePod(others = 2): Promise<void> {
  const metadata = { name: 'pods', namespace: 'shop' };
  objects.apply({ apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard: { pods: `${others}` } } });
  objects.delete('pods', 'shop', `db-${others}`);
  await eventually(() => objects.list<Pod>('pods', 'shop').length === others || undefined);
  const set = () => objects.get<StatefulSet>('statefulSets', 'shop', 'db');
  await eventually(() => set().status.replicas === others || undefined);
}

/** Drains the node of an old pod: there is no place for the one that is made in its place. Gives it back the node again. */
async function strandPod(name: string): Promise<() => void> {
  const cordon = (unschedulable: boolean) => {
    for (const { metadata } of objects.list('nodes'))
      objects.patch('nodes', '', metadata.name, { spec: { unschedulable } });
  };
  cordon(true);
  objects.delete('pods', 'shop', name);
  await eventually(() => objects.find<Pod>('pods', 'shop', name)?.status.phase === 'Pending' || undefined);
  return () => cordon(false);
}

test('a canary in a StatefulSet stays held while an old pod is not ready for longer than the timeout', async () => {
  const { ended } = await holdOne(4);
  const uncordon = await strandPod('db-1');
  // Longer than the timeout, and looks begin within the first second.
  await pause(3_500);
  const held = { said: ground.ports.log.infos.slice(logged), pods: ground.pods('db') };
  uncordon();
  expect(held.said.filter((line) => /ROLLING_BACK|not complete/.test(line))).toEqual([]);
  expect(held.pods).toEqual({ '1.0': 2, '1.1': 1 });
  expect(await ended).toMatchObject({ outcome: 'succeeded', gate: { blocks: [] } });
  expect(ground.pods('db')).toEqual({ '1.1': 4 });
});

describe('the only pod of a canary in a StatefulSet', () => {
  test('is awaited when it is gone, and taken back where it is not made anew within the timeout', async () => {
    const { ended } = await holdOne();
    await takePod();
    await eventually(said('ROLLING_BACK'));
    objects.delete('resourceQuotas', 'shop', 'pods');
    expect(await ended).toMatchObject({
      ...{ reasonCode: 'timeout', rolledBackTo: '1.0', gate: { blocks: [{ release: '1.1' }] } },
      message: expect.stringMatching(
        /not complete after 2 s: 0 of 1 canary pod ready, 2 old beside \(held for [1-4]s\)/,
      ),
    });
  });

  test('goes on where it was made anew', async () => {
    const { ended } = await holdOne();
    await takePod();
    objects.delete('resourceQuotas', 'shop', 'pods');
    expect(await ended).toMatchObject({ outcome: 'succeeded', gate: { blocks: [] } });
    expect(ground.pods('db')).toEqual({ '1.1': 3 });
  });

  test('is awaited where it is the whole StatefulSet, which nobody scaled', async () => {
    const { ended } = await holdOne(1);
    await takePod(0);
    // So that a look meets it.
    await pause(1_000);
    objects.delete('resourceQuotas', 'shop', 'pods');
    expect(await ended).toMatchObject({ outcome: 'succeeded', gate: { blocks: [] } });
    expect(ground.pods('db')).toEqual({ '1.1': 1 });
  });

  test('is not held against its release where somebody scaled it away', async () => {
    const { ended } = await holdOne();
    objects.patch('statefulSets', 'shop', 'db', { spec: { replicas: 2 } });
    expect(await ended).toMatchObject({
      ...{ outcome: 'failed', reasonCode: 'preflight-refused', gate: { blocks: [] } },
      message: expect.stringContaining('scaling to 2 left it no pod while it was held; abort the canary'),
    });
    expect(ground.pods('db')).toEqual({ '1.0': 2 });
  });
});
