import { describe, expect, test } from '@jest/globals';
import { gateFields, gateSize } from '../../src/rollout/canary-gate.ts';
import { canaryStatus } from '../../src/rollout/canary-status.ts';
import { findLive, ownRevisions } from '../../src/rollout/history.ts';
import { lend, owed } from '../../src/rollout/loan.ts';
import type { Deployment, Pod, ReplicaSet } from '../../src/rollout/objects.ts';
import { podsOf } from '../../src/rollout/ordered-ready.ts';
import { fieldsPatch } from '../../src/rollout/patch.ts';
import { readSet } from '../fixtures/load.ts';
import { workloadOf } from '../release/workload.ts';

const unready = (pod: Pod): Pod => ({ ...pod, status: { ...pod.status, conditions: [] } });

interface Counts {
  readonly made?: number;
  readonly ready?: number;
  readonly old?: number;
  readonly observed?: number;
  readonly paused?: boolean;
  readonly replicas?: number;
  readonly isHeld?: boolean;
}

const { deployment, replicaSets } = workloadOf([{ image: 'web:1.0' }, { image: 'web:1.1' }]);
const [, carrier] = replicaSets;
if (!carrier) throw new Error('no ReplicaSet');

/** A Deployment of ten with so many pods of the new release. */
function statusAt(canaryPods: number, counts: Counts) {
  const { made = 0, ready = made, old = 10, observed = 7, paused = false, replicas = 10, isHeld } = counts;
  const now: Deployment = {
    ...deployment,
    metadata: { ...deployment.metadata, generation: 7 },
    spec: { ...deployment.spec, replicas, paused },
    status: { observedGeneration: observed, replicas: old + made, updatedReplicas: made, availableReplicas: old },
  };
  const set: ReplicaSet = {
    ...(carrier as ReplicaSet),
    spec: { ...(carrier as ReplicaSet).spec, replicas: made },
    status: { replicas: made, readyReplicas: ready, availableReplicas: 0 },
  };
  const target = {
    template: deployment.spec.template,
    generation: 7,
    progressingBefore: undefined,
    canaryPods,
    isHeld,
  };
  return canaryStatus(now, made === 0 && !isHeld ? undefined : set, target);
}

describe('a canary', () => {
  test.each<readonly [string, number, Counts, string, string]>([
    ['before the controller looked', 1, { observed: 6 }, 'progressing', 'waiting for the controller to see the change'],
    ['before its ReplicaSet is there', 1, {}, 'progressing', '0 of 1 canary pod ready, 10 old beside'],
    ['with a pod that starts', 1, { made: 1, ready: 0 }, 'progressing', '0 of 1 canary pod ready, 10 old beside'],
    ['with one of three', 3, { made: 1 }, 'progressing', '1 of 3 canary pods ready, 10 old beside'],
    ['with all, none of them available', 3, { made: 3 }, 'done', '3 of 3 canary pods ready, 10 old beside'],
    ['as large as the workload', 10, { made: 10 }, 'done', '10 of 10 canary pods ready, 10 old beside'],
    ['while it is paused', 3, { made: 3, paused: true }, 'done', '3 of 3 canary pods ready, 10 old beside'],
    ['that somebody scaled up', 1, { made: 2, ready: 1 }, 'progressing', '1 of 2 canary pods ready, 10 old beside'],
    ['that is larger by scaling, and ready', 1, { made: 2 }, 'done', '2 of 2 canary pods ready, 10 old beside'],
    [
      'that can have fewer by scaling',
      3,
      { made: 2, old: 2, replicas: 2 },
      'done',
      '2 of 2 canary pods ready, 2 old beside',
    ],
    [
      'before the pods that scaling took are gone',
      3,
      { made: 3, ready: 2, old: 2, replicas: 2 },
      'progressing',
      '2 of 3 canary pods ready, 2 old beside',
    ],
    [
      'before the controller saw the scaling',
      3,
      { replicas: 0, observed: 6 },
      'progressing',
      'waiting for the controller to see the change',
    ],
    [
      'that was scaled to 0',
      3,
      { old: 0, replicas: 0 },
      'held-up',
      'without a pod: scaling to 0 left its canary none while it grew; scale it up, or abort the canary',
    ],
  ])('%s', (_, pods, counts, state, message) => {
    expect(statusAt(pods, counts)).toMatchObject({ state, message });
  });

  test.each<readonly [string, Counts, string, string]>([
    ['scaled down, and ready', { made: 3, old: 5, replicas: 5 }, 'done', '3 of 3 canary pods ready, 5 old beside'],
    [
      'scaled down, one not ready',
      { made: 3, ready: 2, old: 5, replicas: 5 },
      'progressing',
      '2 of 3 canary pods ready, 5 old beside',
    ],
    ['with a pod that starts', { made: 4, ready: 3 }, 'progressing', '3 of 4 canary pods ready, 10 old beside'],
    [
      'scaled to 0',
      { old: 0, replicas: 0 },
      'held-up',
      'it was scaled to 0 while one was held; scale it up, or abort the canary',
    ],
    [
      'before its ReplicaSet is',
      { made: 4, old: 0, replicas: 0 },
      'held-up',
      'it was scaled to 0 while one was held; scale it up, or abort the canary',
    ],
    [
      'whose share was none',
      { old: 1, replicas: 1 },
      'held-up',
      'scaling to 1 left it no pod while it was held; abort the canary',
    ],
  ])('that is held, %s', (_, counts, state, message) => {
    expect(statusAt(4, { ...counts, isHeld: true, paused: true })).toMatchObject({ state, message });
  });

  test('whose template is another one by now is superseded', () => {
    const { template } = deployment.spec;
    const other = { ...template, spec: { ...template.spec, containers: [{ name: 'app', image: 'web:9' }] } };
    const target = { template: other, generation: 7, progressingBefore: undefined, canaryPods: 1 };
    expect(canaryStatus(deployment, carrier, target).state).toBe('superseded');
  });
});

test('the gate lets exactly so many pods come, and none become available', () => {
  expect(gateFields(3, deployment)).toEqual({
    ...{ maxSurge: 3, maxUnavailable: 0 },
    ...{ minReadySeconds: 2_147_483_646, progressDeadlineSeconds: 2_147_483_647 },
  });
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 3, maxUnavailable: 0 } };
  const gated = { ...deployment, spec: { ...deployment.spec, strategy, minReadySeconds: 2_147_483_646 } };
  expect([gateSize(gated), gateSize(deployment)]).toEqual([3, undefined]);
});

describe('in a StatefulSet', () => {
  const { workload } = readSet('stateful-set-healthy');
  const partitioned = (partition: number) => {
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition } };
    return { ...workload, spec: { ...workload.spec, updateStrategy } };
  };

  test('its partition lets exactly so many pods of the highest ordinals go over', () => {
    expect(gateFields(1, workload)).toEqual({ partition: 2 });
    expect(gateFields(3, workload)).toEqual({ partition: 0 });
    expect([gateSize(partitioned(2)), gateSize(partitioned(0))]).toEqual([1, undefined]);
  });

  test('the patch sets it, also where there is no rollingUpdate yet', () => {
    const bare = { ...workload, spec: { ...workload.spec, updateStrategy: { type: 'RollingUpdate' } } };
    const [, , one] = fieldsPatch(partitioned(0), { partition: 2 });
    const [, , other] = fieldsPatch(bare, { partition: 2 });
    const path = '/spec/updateStrategy/rollingUpdate';
    expect(one).toEqual({ op: 'add', path: `${path}/partition`, value: 2 });
    expect(other).toEqual({ op: 'add', path, value: { partition: 2 } });
  });

  test('what was lent is given back, and what somebody else set stays', () => {
    const loan = lend(workload, undefined, { partition: 2 });
    expect(loan).toMatchObject({ own: { partition: 0 }, lent: [{ partition: 2 }] });
    expect(owed(partitioned(2), loan)).toEqual({ partition: 0 });
    expect(owed(partitioned(1), loan)).toEqual({});
  });

  test('it stands when its pods are of its revision and ready', () => {
    const { workload: set, revisions } = readSet('stateful-set-partition');
    const carrier = findLive(set.spec.template, ownRevisions(set, revisions));
    const of = (canaryPods: number, isHeld = false, replicas = set.spec.replicas ?? 1) =>
      canaryStatus({ ...set, spec: { ...set.spec, replicas } }, carrier, {
        ...{ template: set.spec.template, generation: set.metadata.generation ?? 0, progressingBefore: undefined },
        ...{ canaryPods, isHeld },
      });
    expect(of(2)).toEqual({ state: 'done', verified: true, message: '2 of 2 canary pods ready, 1 old beside' });
    const lacking = { state: 'progressing', message: '2 of 3 canary pods ready, 1 old beside' };
    // Its partition of 1 leaves two of three, and three of four; a pod that is missing still counts as wanted.
    for (const isHeld of [false, true]) {
      expect([of(3, isHeld).state, of(2, isHeld, 1).state]).toEqual(['done', 'held-up']);
      expect(of(3, isHeld, 4)).toMatchObject(lacking);
    }
  });

  test.each<readonly [string, { readonly ready: number; readonly down?: readonly string[] }, string, string]>([
    ['an old pod is not ready', { ready: 2, down: ['db-0'] }, 'done', '2 of 2 canary pods ready, 1 old beside'],
    ['one of its own is not', { ready: 2, down: ['db-1'] }, 'progressing', '1 of 2 canary pods ready, 1 old beside'],
    // The controller counts later than the pods tell.
    ['its pods are not counted yet', { ready: 1 }, 'progressing', '1 of 2 canary pods ready, 1 old beside'],
    ['no pod may be seen', { ready: 2 }, 'progressing', '1 of 2 canary pods ready, 1 old beside'],
  ])('its ready pods are told from old ones where they are seen: %s', (name, { ready, down = [] }, state, message) => {
    const { workload: set, revisions, pods } = readSet('stateful-set-partition');
    const now = { ...set, status: { ...set.status, readyReplicas: ready } };
    const carrier = findLive(now.spec.template, ownRevisions(now, revisions));
    const target = { template: now.spec.template, generation: now.metadata.generation ?? 0, canaryPods: 2 };
    const own = podsOf(carrier, pods).map((pod) => (down.includes(pod.metadata.name) ? unready(pod) : pod));
    const seen = name === 'no pod may be seen' ? undefined : own;
    expect(canaryStatus(now, carrier, { ...target, progressingBefore: undefined, pods: seen })).toMatchObject({
      ...{ state, message },
    });
  });
});
