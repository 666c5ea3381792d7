import { afterAll, expect, test } from '@jest/globals';
import type { Pod } from '../../sandbox/cluster/model/workload-objects.ts';
import { roll } from '../../src/operations/roll.ts';
import { formatSummary } from '../../src/report/summary.ts';
import { eventually } from '../sandbox/cluster/cluster-fixture.ts';
import { isStatefulSetRolledOut, releasesByPod, statefulSetManifest } from '../sandbox/cluster/set-fixture.ts';
import { type CanaryGround, openCanaryGround } from './canary-ground.ts';
import { request } from './shop.ts';

const ground: CanaryGround = await openCanaryGround();
afterAll(() => ground.close());

const refs = [{ kind: 'statefulset', namespace: 'shop', name: 'db' }] as const;

test('a broken pod of a StatefulSet is in the way of its way back, and of the rollback after it', async () => {
  const { cluster, ports } = ground;
  cluster.objects.apply(statefulSetManifest('db', '1.0'));
  await eventually(() => isStatefulSetRolledOut(cluster, 'db'));
  const bad = request('1.1', { images: 'web=rollkey.test/web:1.1-crash', timeoutMs: 20_000 });
  const failed = await roll(ports, { ...bad, refs });
  expect(failed).toMatchObject({
    ...{ outcome: 'rollback-failed', changed: true },
    workloads: [{ rollback: { to: '1.0', state: 'failed', podInTheWay: 'db-2' } }],
  });
  expect(failed.message.match(/statefulset\/db/g)).toHaveLength(1);
  expect(formatSummary(failed)).toContain('> kubectl delete pod db-2 -n shop\n');

  const again = await roll(ports, { ...request('1.0', { requested: 'rollback' }), refs });
  expect(again).toMatchObject({ outcome: 'failed', reasonCode: 'held-up', workloads: [{ podInTheWay: 'db-2' }] });
  expect(formatSummary(again)).toMatch(/^### Held up: release `1\.0` waits for a pod of another release/);

  cluster.objects.delete('pods', 'shop', 'db-2');
  expect(await roll(ports, { ...request('1.0', { requested: 'rollback' }), refs })).toMatchObject({
    outcome: 'succeeded',
    workloads: [expect.not.objectContaining({ podInTheWay: expect.anything() })],
  });
  expect(releasesByPod(cluster, 'db')).toEqual({ 'db-0': '1.0', 'db-1': '1.0', 'db-2': '1.0' });
});

test('a pod on a node that does not answer is not one to delete', async () => {
  const { cluster, ports } = ground;
  cluster.objects.apply(statefulSetManifest('lost', '1.0'));
  await eventually(() => isStatefulSetRolledOut(cluster, 'lost'));
  const [node = ''] = cluster.objects.list<Pod>('pods').map(({ spec }) => spec.nodeName ?? '');
  cluster.stopNode(node);
  const lost = [{ kind: 'statefulset', namespace: 'shop', name: 'lost' }] as const;
  const result = await roll(ports, {
    ...request('1.1', { images: 'web=rollkey.test/web:1.1', timeoutMs: 1_000 }),
    refs: lost,
  });
  cluster.startNode(node);
  expect(result).toMatchObject({
    ...{ outcome: 'timed-out', message: expect.stringContaining(`node ${node} does not answer`) },
    workloads: [expect.not.objectContaining({ podInTheWay: expect.anything() })],
  });
  expect(formatSummary(result)).not.toContain('kubectl delete pod');
});
