import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import type { StatefulSet } from '../../sandbox/cluster/model/set-objects.ts';
import type { Pod } from '../../sandbox/cluster/model/workload-objects.ts';
import { roll } from '../../src/operations/roll.ts';
import type { RollPorts } from '../../src/operations/roll-workload.ts';
import { formatSummary } from '../../src/report/summary.ts';
import type { Result } from '../../src/result.ts';
import { createMemoryGate } from '../fakes/memory-gate.ts';
import { eventually } from '../sandbox/cluster/cluster-fixture.ts';
import { isStatefulSetRolledOut, statefulSetManifest } from '../sandbox/cluster/set-fixture.ts';
import { type CanaryGround, canary, openCanaryGround } from './canary-ground.ts';
import { POLICY } from './shop.ts';

const ground: CanaryGround = await openCanaryGround();
const { objects } = ground.cluster;
let logged = 0;

afterAll(() => ground.close());
afterEach(() => {
  ground.clear();
  cordon(false);
  objects.delete('statefulSets', 'shop', 'db');
  logged = ground.ports.log.infos.length;
});

const said = (text: string) => () =>
  ground.ports.log.infos.slice(logged).some((line) => line.includes(text)) || undefined;

/** Long enough for the controller to count what the pods tell. */
const WATCHED = { failureAction: 'rollback', policy: { ...POLICY, monitorMs: 300 } } as const;

/** A run that holds the highest pod of a StatefulSet. */
async function holdOne(replicas = 3): Promise<{ readonly ended: Promise<Result> }> {
  await install({ replicas });
  const ended = begin([1], { images: 'web=rollkey.test/web:1.1', holdMs: 6_000, timeoutMs: 2_000 });
  await eventually(said('by itself'));
  return { ended };
}

async function install(spec: object): Promise<void> {
  objects.apply(statefulSetManifest('db', '1.0', spec));
  await eventually(() => isStatefulSetRolledOut(ground.cluster, 'db'));
}

function begin(
  sizes: readonly number[],
  more: Parameters<typeof canary>[2],
  ports: RollPorts = ground.ports,
): Promise<Result> {
  const refs = [{ kind: 'statefulset', namespace: 'shop', name: 'db' }] as const;
  const wanted = canary(
    '1.1',
    sizes.map((pods) => ({ pods })),
    { environment: 'production', ...more },
  );
  return roll({ ...ports, gate: createMemoryGate() }, { ...wanted, refs });
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

/** Drains an old pod away, while there is no place for the one that is made anew. */
async function strandPod(name: string): Promise<void> {
  cordon(true);
  objects.delete('pods', 'shop', name);
  await eventually(() => objects.find<Pod>('pods', 'shop', name)?.status.phase === 'Pending' || undefined);
}

function cordon(unschedulable: boolean): void {
  for (const { metadata } of objects.list('nodes'))
    objects.patch('nodes', '', metadata.name, { spec: { unschedulable } });
}

test('a canary in a StatefulSet stays held while an old pod is not ready for longer than the timeout', async () => {
  const { ended } = await holdOne(4);
  await strandPod('db-1');
  // Longer than the timeout, and looks begin within the first second.
  await pause(3_500);
  const held = { said: ground.ports.log.infos.slice(logged), pods: ground.pods('db') };
  cordon(false);
  expect(held.said.filter((line) => /ROLLING_BACK|not complete/.test(line))).toEqual([]);
  expect(held.pods).toEqual({ '1.0': 2, '1.1': 1 });
  expect(await ended).toMatchObject({ outcome: 'succeeded', gate: { blocks: [] } });
  expect(ground.pods('db')).toEqual({ '1.1': 4 });
});

test('a canary in a StatefulSet that waits for an old pod is not made, and nothing is held against its release', async () => {
  await install({ replicas: 3 });
  const { cluster } = ground.ports;
  const patchWorkload: typeof cluster.patchWorkload = async (ref, patch, options) => {
    if (!options?.dryRun && objects.find<Pod>('pods', 'shop', 'db-0')?.status.phase === 'Running')
      await strandPod('db-0');
    return cluster.patchWorkload(ref, patch, options);
  };
  const more = { images: 'web=rollkey.test/web:1.1', timeoutMs: 2_000 };
  const result = await begin([1], more, { ...ground.ports, cluster: { ...cluster, patchWorkload } });
  expect(result).toMatchObject({
    ...{ outcome: 'timed-out', rolledBackTo: '', gate: { blocks: [] } },
    message: expect.stringContaining('held up by pod db-0, which a partition keeps'),
  });
  const { podInTheWay } = result.workloads[0] ?? {};
  expect([podInTheWay, formatSummary(result).includes('kubectl delete pod')]).toEqual([undefined, false]);
});

test('a canary in a StatefulSet stands although an old pod went down while its own started', async () => {
  await install({ replicas: 4, podManagementPolicy: 'Parallel' });
  const ended = begin([1], { images: 'web=rollkey.test/web:1.1-slow', timeoutMs: 4_000, update: WATCHED });
  const own = () => objects.find<Pod>('pods', 'shop', 'db-3');
  await eventually(() => own()?.spec.containers[0]?.image.endsWith('-slow') || undefined);
  await eventually(() => own()?.status.phase === 'Running' || undefined);
  await strandPod('db-1');
  const result = await ended;
  expect(result).toMatchObject({ reasonCode: 'canary-held', gate: { blocks: [] } });
  expect(result.workloads[0]?.canary).toMatchObject({ pods: 1, beside: 2 });
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
