import { expect, test } from '@jest/globals';
import { pausedOutlook } from '../../src/rollout/paused-outlook.ts';
import { deploymentOf, replicaSetOf } from '../release/workload.ts';

// kubernetes/kubernetes, pkg/controller/deployment/sync.go: scale, FindActiveOrLatest, IsSaturated.
test.each([
  ['1 of the new beside 3 old', 4, 3, 1, 'stands'],
  ['2 of the new beside 3 old', 4, 3, 2, 'stands'],
  ['all of the new beside all old', 4, 4, 4, 'ends'],
  ['one of each', 1, 1, 1, 'ends'],
  ['all new already', 4, 0, 4, 'stands'],
  ['none new yet', 4, 4, 0, 'stands'],
  ['no old one is left, 2 of the new', 4, 0, 2, 'grows'],
  ['no new one yet, 3 old', 4, 3, 0, 'grows'],
  ['none at all', 4, 0, 0, 'stands'],
  ['none wanted', 0, 0, 0, 'stands'],
])('%s (%d wanted)', (_, replicas, old, young, outlook) => {
  const sets = [replicaSetOf({}, 1, old), replicaSetOf({ image: 'web:1.1' }, 2, young)];
  expect(pausedOutlook(deploymentOf({ image: 'web:1.1' }, { replicas }), sets[1], sets)).toBe(outlook);
});

test('without a ReplicaSet of the template', () => {
  const sets = [replicaSetOf({}, 1, 2), replicaSetOf({ image: 'web:1.1' }, 2, 2)];
  expect(pausedOutlook(deploymentOf({ image: 'web:1.2' }), undefined, sets)).toBe('stands');
});
