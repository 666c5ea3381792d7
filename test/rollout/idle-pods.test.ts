import { expect, test } from '@jest/globals';
import { idlePods } from '../../src/rollout/idle-pods.ts';
import type { Deployment, ReplicaSet } from '../../src/rollout/objects.ts';
import { readFixture } from '../fixtures/load.ts';

function workload(replicas: number, maxUnavailable: number | string): Deployment {
  const { deployment } = readFixture('healthy');
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable } };
  return { ...deployment, spec: { ...deployment.spec, replicas, strategy } };
}

function replicaSet(ready: number): ReplicaSet {
  const [first] = readFixture('healthy').replicaSets;
  if (!first) throw new Error('the fixture holds no ReplicaSet');
  return { ...first, status: { readyReplicas: ready, availableReplicas: ready } };
}

test.each([
  ['nobody serves at all', workload(3, 0), 0, 0, 3],
  ['some of the old ones still serve', workload(3, 0), 0, 2, 1],
  ['all old ones still serve', workload(3, 0), 0, 3, undefined],
  ['a pod of what is left serves', workload(3, 0), 1, 0, undefined],
  ['its own limit allows as much', workload(3, 3), 0, 0, undefined],
  ['its own share allows less', workload(4, '25%'), 0, 0, 4],
  ['its own share allows as much', workload(4, '100%'), 0, 0, undefined],
])('%s', (_, deployment, left, good, expected) => {
  const leaving = replicaSet(left);
  expect(idlePods(deployment, leaving, [leaving, replicaSet(good)])).toEqual(expected);
});

test('Recreate has no such limit', () => {
  const deployment = workload(3, 0);
  const recreating = { ...deployment, spec: { ...deployment.spec, strategy: { type: 'Recreate' } } };
  expect(idlePods(recreating, replicaSet(0), [])).toBeUndefined();
});

test('nor is there anything to leave before its ReplicaSet was made', () => {
  expect(idlePods(workload(3, 0), undefined, [])).toBeUndefined();
});
