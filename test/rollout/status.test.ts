import { describe, expect, test } from '@jest/globals';
import { findLive, isOwned } from '../../src/rollout/history.ts';
import type { Condition, Deployment, ReplicaSet } from '../../src/rollout/objects.ts';
import { progressing, rolloutStatus } from '../../src/rollout/status.ts';
import { readFixture } from '../fixtures/load.ts';
import { deploymentOf, podTemplate, replicaSetOf } from '../release/workload.ts';

const V10 = { image: 'web:1.0' };
const V11 = { image: 'web:1.1' };
const EXCEEDED: Condition = {
  type: 'Progressing',
  status: 'False',
  reason: 'ProgressDeadlineExceeded',
  message: 'ReplicaSet "web-2" has timed out progressing.',
  lastUpdateTime: '2026-11-21T10:00:00Z',
};

describe('as a real cluster shows it', () => {
  test.each([
    ['healthy', 'done', '2 of 2 pods available'],
    ['mid-rollout', 'progressing', '0 of 2 pods available, 1 updated, 2 old still there'],
    ['stalled', 'stalled', /^ReplicaSet "web-\w+" has timed out progressing\.$/],
    ['crash', 'stalled', /has timed out progressing/],
    ['missing-image', 'stalled', /has timed out progressing/],
    ['paused', 'progressing', 'paused; resume it to go on'],
  ])('%s: %s', (fixture, state, message) => {
    const { deployment, replicaSets } = readFixture(fixture);
    const { template } = deployment.spec;
    const target = { template, generation: deployment.metadata.generation ?? 0, progressingBefore: undefined };
    const status = rolloutStatus(deployment, carrierOf(deployment, replicaSets), target);
    expect(status.state).toBe(state);
    expect(status.message).toMatch(message);
  });
});

test('pods that a ReplicaSet had before it was scaled down and up again do not count until it has counted anew', () => {
  const { deployment, replicaSets } = readFixture('healthy');
  const { template } = deployment.spec;
  const target = { template, generation: deployment.metadata.generation ?? 0, progressingBefore: undefined };
  const carrier = carrierOf(deployment, replicaSets);
  if (!carrier) throw new Error('the fixture holds no ReplicaSet');
  const { generation = 0 } = carrier.metadata;
  expect(carrier.status?.observedGeneration).toBe(generation);
  const scaled = { ...carrier, metadata: { ...carrier.metadata, generation: generation + 2 } };
  expect(rolloutStatus(deployment, scaled, target)).toEqual({
    state: 'progressing',
    message: '2 of 2 pods available, 2 updated',
  });
});

test('between a scale and its count, the count from before is told: no pod went', () => {
  const counted = replicaSetOf(V11, 2, 1);
  const scaled = (replicas: number) => ({
    ...counted,
    metadata: { ...counted.metadata, generation: 5 },
    spec: { ...counted.spec, replicas },
    status: { ...counted.status, observedGeneration: 4, availableReplicas: 2 },
  });
  const status = { replicas: 5, updatedReplicas: 2, availableReplicas: 5 };
  const message = (replicas: number) =>
    judge({ spec: { replicas: 4 }, status, replicaSets: [scaled(replicas)] }).message;
  expect(message(3)).toBe('2 of 4 pods available, 2 updated, 3 old still there');
  expect(message(1)).toBe('1 of 4 pods available, 2 updated, 3 old still there');
});

function carrierOf(deployment: Deployment, replicaSets: readonly ReplicaSet[]): ReplicaSet | undefined {
  const owned = replicaSets.filter((replicaSet) => isOwned(replicaSet, deployment));
  return findLive(deployment.spec.template, owned);
}

interface Seen {
  readonly spec?: Partial<Deployment['spec']>;
  readonly status?: Deployment['status'];
  readonly replicaSets?: readonly ReplicaSet[];
  readonly before?: Condition;
  readonly generation?: number;
}

/** A rollout to 1.1 on two pods, complete but for what is said otherwise. */
function judge({ spec = {}, status = {}, replicaSets = [replicaSetOf(V11, 2, 2)], before, generation = 3 }: Seen) {
  const complete = deploymentOf(V11, spec);
  const deployment = { ...complete, status: { ...complete.status, ...status } };
  return rolloutStatus(deployment, carrierOf(deployment, replicaSets), {
    template: podTemplate(V11),
    generation,
    progressingBefore: before,
  });
}

describe('done', () => {
  test.each<readonly [string, Seen, string]>([
    ['all is there', {}, 'done'],
    ['a template that is not ours', { spec: { template: podTemplate(V10) } }, 'superseded'],
    ['the controller has not seen our write', { status: { observedGeneration: 2 } }, 'progressing'],
    ['the controller has seen nothing at all', { status: { observedGeneration: undefined as never } }, 'progressing'],
    ['our write is newer than this object', { generation: 4 }, 'progressing'],
    [
      'the controller has seen our write, but not what was scaled since',
      { generation: 2, status: { observedGeneration: 2 } },
      'progressing',
    ],
    ['a pod is not updated', { status: { replicas: 2, updatedReplicas: 1, availableReplicas: 2 } }, 'progressing'],
    ['an old pod still runs', { status: { replicas: 3, updatedReplicas: 2, availableReplicas: 3 } }, 'progressing'],
    ['a pod is not available', { status: { availableReplicas: 1 } }, 'progressing'],
    ['the available ones are old', { replicaSets: [replicaSetOf(V10, 1, 2), replicaSetOf(V11, 2, 0)] }, 'progressing'],
    ['the new ReplicaSet is not known yet', { replicaSets: [] }, 'progressing'],
    ['the new ReplicaSet is an orphan', { replicaSets: [orphan()] }, 'progressing'],
    ['paused', { spec: { paused: true } }, 'progressing'],
    [
      'more pods than wanted: the HPA scales down',
      { spec: { replicas: 1 }, status: { replicas: 2, updatedReplicas: 2 } },
      'done',
    ],
  ])('%s: %s', (_, seen, state) => {
    expect(judge(seen).state).toBe(state);
  });

  test('no pods are wanted: done, and nothing proven', () => {
    const none = { replicas: 0, updatedReplicas: 0, availableReplicas: 0 };
    expect(judge({ spec: { replicas: 0 }, status: none, replicaSets: [] })).toEqual({
      state: 'done',
      verified: false,
      message: 'scaled to 0: no pods, nothing verified',
    });
    expect(judge({ spec: { replicas: 0 }, status: { ...none, replicas: 2 }, replicaSets: [] }).state).toBe(
      'progressing',
    );
    expect(judge({})).toMatchObject({ verified: true });
  });

  test('counts are absent where they are zero', () => {
    const absent = { updatedReplicas: undefined as never, availableReplicas: undefined as never };
    expect(judge({ status: absent, replicaSets: [replicaSetOf(V11, 2)] })).toEqual({
      state: 'progressing',
      message: '0 of 2 pods available, 0 updated, 2 old still there',
    });
  });

  test('replicas is one where it is not said', () => {
    expect(
      judge({
        spec: { replicas: undefined as never },
        status: { replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
      }),
    ).toMatchObject({ message: '1 of 1 pods available' });
  });
});

describe('the progress deadline', () => {
  const conditions = [EXCEEDED];
  const late = { ...EXCEEDED, lastUpdateTime: '2026-11-21T10:05:00Z' };
  const going = { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated' } as const;

  test.each<readonly [string, Seen, string]>([
    ['exceeded', { status: { conditions, availableReplicas: 1 } }, 'stalled'],
    [
      'exceeded before our write and not since',
      { status: { conditions, availableReplicas: 1 }, before: EXCEEDED },
      'progressing',
    ],
    ['exceeded before our write, and all is there', { status: { conditions }, before: EXCEEDED }, 'done'],
    [
      'exceeded before our write, and once more',
      { status: { conditions: [late], availableReplicas: 1 }, before: EXCEEDED },
      'stalled',
    ],
    ['exceeded, going on before our write', { status: { conditions, availableReplicas: 1 }, before: going }, 'stalled'],
    [
      'exceeded by a generation that was not seen yet',
      { status: { conditions, observedGeneration: 2 } },
      'progressing',
    ],
    ['exceeded by another template', { status: { conditions }, spec: { template: podTemplate(V10) } }, 'superseded'],
    ['going on', { status: { conditions: [going], availableReplicas: 1 } }, 'progressing'],
  ])('%s: %s', (_, seen, state) => {
    expect(judge(seen).state).toBe(state);
  });
});

test('progressing is that condition, whichever place it has', () => {
  const available = { type: 'Available', status: 'True' } as const;
  expect(progressing({ ...deploymentOf(V11), status: { conditions: [available, EXCEEDED] } })).toBe(EXCEEDED);
  expect(progressing(deploymentOf(V11))).toBeUndefined();
});

function orphan(): ReplicaSet {
  const { ownerReferences: _, ...metadata } = replicaSetOf(V11, 2, 2).metadata;
  return { ...replicaSetOf(V11, 2, 2), metadata };
}
