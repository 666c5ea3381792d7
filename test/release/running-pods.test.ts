import { expect, test } from '@jest/globals';
import { emptyLedger } from '../../src/release/ledger.ts';
import { runningPods } from '../../src/release/running-pods.ts';
import { type Made, replicaSetOf, workloadOf } from './workload.ts';

const V10: Made = { image: 'web:1.0', stamp: '1.0', cause: '1.0' };
const V11: Made = { image: 'web:1.1', stamp: '1.1', cause: '1.1' };
const BY_HAND: Made = { image: 'web:hotfix' };

test('every release that has pods, the one of the template first, by its name or its images', () => {
  const { deployment } = workloadOf([V10, V11], { replicas: 4 });
  const replicaSets = [
    replicaSetOf(BY_HAND, 5, 1),
    replicaSetOf(V10, 1, 3),
    replicaSetOf({ image: 'web:0.9', cause: '0.9' }, 3, 0),
    { ...replicaSetOf(V11, 4, 2), status: { replicas: 1, readyReplicas: 0 } },
  ];
  expect(runningPods(deployment, replicaSets, emptyLedger())).toEqual([
    { release: '1.1', pods: 1, ready: 0 },
    { release: 'app=web:hotfix', pods: 1, ready: 1 },
    { release: '1.0', pods: 3, ready: 3 },
  ]);
});

test('pods of other Deployments do not count', () => {
  const { deployment, replicaSets } = workloadOf([V10]);
  const foreign = replicaSetOf(V11, 2, 7);
  const metadata = {
    ...foreign.metadata,
    ownerReferences: [{ kind: 'Deployment', name: 'api', uid: 'x', controller: true }],
  };
  expect(runningPods(deployment, [...replicaSets, { ...foreign, metadata }], emptyLedger())).toEqual([
    { release: '1.0', pods: 2, ready: 2 },
  ]);
});
