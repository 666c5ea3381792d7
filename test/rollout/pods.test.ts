import { describe, expect, test } from '@jest/globals';
import { findLive, ownRevisions } from '../../src/rollout/history.ts';
import type { ContainerStatus, Deployment, Pod } from '../../src/rollout/objects.ts';
import { podsOf } from '../../src/rollout/ordered-ready.ts';
import {
  countReadyBeside,
  isFinished,
  isReady,
  labelSelector,
  podSelector,
  podStates,
  runningImageIDs,
} from '../../src/rollout/pods.ts';
import { readFixture, readSet } from '../fixtures/load.ts';
import { deploymentOf, replicaSetOf } from '../release/workload.ts';

describe('labelSelector', () => {
  test.each<readonly [Deployment['spec']['selector'], string]>([
    [{ matchLabels: { app: 'web' } }, 'app=web'],
    [{ matchLabels: { app: 'web', 'example.com/tier': '' } }, 'app=web,example.com/tier='],
    [{ matchExpressions: [{ key: 'tier', operator: 'In', values: ['a', 'b'] }] }, 'tier in (a,b)'],
    [{ matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['a'] }] }, 'tier notin (a)'],
    [{ matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, 'tier'],
    [{ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, '!tier'],
    [{ matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, 'app=web,tier'],
  ])('%j', (selector, text) => {
    expect(labelSelector(deploymentOf({}, { selector }))).toBe(text);
  });
});

test("a ReplicaSet's own pods are those with its hash", () => {
  const { replicaSets } = readFixture('healthy');
  const [replicaSet = replicaSetOf({}, 1)] = replicaSets;
  expect(podSelector('app=web', replicaSet)).toMatch(/^app=web,pod-template-hash=[0-9a-z]+$/);
  const { labels: _, ...metadata } = replicaSet.metadata;
  expect(podSelector('app=web', { ...replicaSet, metadata })).toBeUndefined();
});

describe('as a real cluster shows them', () => {
  const line = (text: string) => expect.stringMatching(new RegExp(`^web-\\w+-\\w+: ${text}$`));

  test.each([
    ['healthy', []],
    ['stalled', [line('Running, not ready')]],
    ['crash', [line('container web CrashLoopBackOff, 2 restarts: back-off 20s restarting failed container=web .*')]],
    [
      'missing-image',
      [line('container web ErrImagePull: failed to pull and unpack image "rollkey.test/absent:1.1": .*')],
    ],
  ])('%s', (fixture, states) => {
    expect(podStates(readFixture(fixture).pods)).toEqual(states);
  });

  test('image IDs are those that run', () => {
    const running = runningImageIDs(readFixture('healthy').pods);
    expect(running).toEqual({ web: [expect.stringMatching(/^sha256:[0-9a-f]{64}$/)] });
    expect(runningImageIDs(readFixture('crash').pods)).toEqual(running);
  });
});

function pod(status: Pod['status'], metadata: Partial<Pod['metadata']> = {}): Pod {
  return {
    metadata: { name: 'p', namespace: 'shop', uid: 'u', resourceVersion: '1', ...metadata },
    ...(status && { status }),
  };
}

function container(state: ContainerStatus['state'], rest: Partial<ContainerStatus> = {}): ContainerStatus {
  return { name: 'app', ...(state && { state }), ...rest };
}

const READY = [{ type: 'Ready', status: 'True' }] as const;

describe('podStates', () => {
  test.each<readonly [string, Pod['status'], string]>([
    ['new', undefined, 'Unknown, not ready'],
    ['waiting', { containerStatuses: [container({ waiting: {} })] }, 'container app waiting'],
    [
      'creating',
      { containerStatuses: [container({ waiting: { reason: 'ContainerCreating' } })] },
      'container app ContainerCreating',
    ],
    [
      'ended badly',
      { containerStatuses: [container({ terminated: { reason: 'OOMKilled', exitCode: 137 } })] },
      'container app OOMKilled, exit code 137',
    ],
    [
      'ended badly, without a reason',
      { containerStatuses: [container({ terminated: { exitCode: 3 } }, { restartCount: 4 })] },
      'container app terminated, exit code 3, 4 restarts',
    ],
    [
      'restarted',
      { phase: 'Running', containerStatuses: [container({ running: {} }, { restartCount: 1 })] },
      'container app running, 1 restart',
    ],
    [
      'an init container that is done beside one that waits',
      {
        initContainerStatuses: [container({ terminated: { exitCode: 0 } }, { name: 'init' })],
        containerStatuses: [container({ waiting: { reason: 'PodInitializing' } })],
      },
      'container app PodInitializing',
    ],
    [
      'several',
      {
        containerStatuses: [
          container({ waiting: { reason: 'A' } }),
          container({ waiting: { reason: 'B' } }, { name: 'side' }),
        ],
      },
      'container app A; container side B',
    ],
    [
      'not scheduled',
      {
        phase: 'Pending',
        conditions: [
          { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes are available' },
        ],
      },
      'Unschedulable: 0/3 nodes are available',
    ],
    ['running', { phase: 'Running', containerStatuses: [container({ running: {} })] }, 'Running, not ready'],
  ])('%s', (_, status, text) => {
    expect(podStates([pod(status)])).toEqual([`p: ${text}`]);
  });

  test('ready and leaving pods are no trouble', () => {
    expect(podStates([pod({ conditions: READY }), pod({}, { deletionTimestamp: '2026-11-21T10:00:00Z' })])).toEqual([]);
    expect(isReady(pod({ conditions: READY }))).toBe(true);
    expect(isReady(pod({ conditions: [{ type: 'Ready', status: 'False' }] }))).toBe(false);
    expect(isReady(pod(undefined))).toBe(false);
  });
});

test.each(['Failed', 'Succeeded'])('a pod that has ended (%s) is no trouble, unless it is blamed', (phase) => {
  expect(podStates([pod({ phase })])).toEqual([]);
  expect(podStates([pod({ phase })], ['p'])).toEqual([`p: ${phase}, not ready`]);
});

test.each([
  ['Succeeded', true],
  ['Failed', true],
  ['Running', false],
  ['Pending', false],
  ['Unknown', false],
])('a pod that is %s has ended: %p', (phase, ended) => {
  expect(isFinished(pod({ phase }))).toBe(ended);
});

test('image IDs: each once, sorted, of containers that run', () => {
  const running = (name: string, imageID: string) => container({ running: {} }, { name, imageID });
  const pods = [
    pod({ containerStatuses: [running('app', 'sha256:b'), running('side', 'sha256:s')] }),
    pod({ containerStatuses: [running('app', 'sha256:a'), container({ waiting: {} }, { imageID: 'sha256:z' })] }),
    pod({ containerStatuses: [running('app', 'sha256:b'), running('late', '')] }),
  ];
  expect(runningImageIDs(pods)).toEqual({ app: ['sha256:a', 'sha256:b'], side: ['sha256:s'] });
});

test.each<readonly [string, (pod: Pod) => Pod, number]>([
  ['it is ready', (pod) => pod, 1],
  ['it is not', (pod) => ({ ...pod, status: { conditions: [] } }), 0],
  ['it leaves', (pod) => ({ ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-11-21T10:00:00Z' } }), 0],
  ["it is somebody else's", (pod) => ({ ...pod, metadata: { ...pod.metadata, ownerReferences: [] } }), 0],
])('a pod counts beside those of the new revision where %s', (_, change, count) => {
  const { workload, revisions, pods } = readSet('stateful-set-partition');
  const own = podsOf(findLive(workload.spec.template, ownRevisions(workload, revisions)), pods);
  const all = pods.map((pod) => (own.includes(pod) ? pod : change(pod)));
  expect(countReadyBeside(workload, all, own)).toBe(count);
  expect(countReadyBeside(workload, undefined, own)).toBeUndefined();
});
