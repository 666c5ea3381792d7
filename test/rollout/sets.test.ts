import { describe, expect, test } from '@jest/globals';
import { isControllerRevision } from '../../src/rollout/controller-revision.ts';
import { findLive, ownRevisions, revisionsOf } from '../../src/rollout/history.ts';
import { REVISION } from '../../src/rollout/marks.ts';
import { keepsServing, maxUnavailable } from '../../src/rollout/max-unavailable.ts';
import { podsOf } from '../../src/rollout/ordered-ready.ts';
import { availablePods, labelSelector, podSelector } from '../../src/rollout/pods.ts';
import { rolloutStatus } from '../../src/rollout/status.ts';
import { limitFields } from '../../src/rollout/update-limits.ts';
import { type CapturedSet, readSet } from '../fixtures/load.ts';
import { deploymentOf } from '../release/workload.ts';

const FIXTURES = [
  'stateful-set-healthy',
  'stateful-set-mid-rollout',
  'stateful-set-undone',
  'stateful-set-crash',
  'stateful-set-partition',
  'daemon-set-healthy',
  'daemon-set-mid-rollout',
  'daemon-set-undone',
  'daemon-set-crash',
];

function statusOf({ workload, revisions }: CapturedSet) {
  const { template } = workload.spec;
  const target = { template, generation: workload.metadata.generation ?? 0, progressingBefore: undefined };
  return rolloutStatus(workload, findLive(template, ownRevisions(workload, revisions)), target);
}

describe('as a real cluster shows it', () => {
  test.each([
    ['stateful-set-healthy', 'done', '3 of 3 pods available'],
    ['stateful-set-mid-rollout', 'progressing', '0 of 3 pods available, 1 updated, 2 old still there'],
    ['stateful-set-undone', 'done', '3 of 3 pods available'],
    ['stateful-set-crash', 'progressing', '0 of 3 pods available, 1 updated, 2 old still there'],
    ['stateful-set-trapped', 'progressing', '1 of 3 pods available, 2 updated, 1 old still there'],
    [
      'stateful-set-partition',
      'done',
      '2 of 2 pods available; those with ordinals below 1 stay as they are (partition)',
    ],
    ['daemon-set-healthy', 'done', '1 of 1 pods available'],
    ['daemon-set-mid-rollout', 'progressing', '0 of 1 pods available, 0 updated, 1 old still there'],
    ['daemon-set-undone', 'done', '1 of 1 pods available'],
    ['daemon-set-crash', 'progressing', '0 of 1 pods available, 1 updated'],
  ])('%s: %s', (fixture, state, message) => {
    expect(statusOf(readSet(fixture))).toMatchObject({ state, message });
  });

  test.each([
    ['stateful-set-healthy', 3],
    // Two that are back; the one in the way, which is another release's, is what is not available.
    ['stateful-set-trapped', 2],
    ['stateful-set-crash', 0],
    ['daemon-set-healthy', 1],
    ['daemon-set-crash', 0],
  ])('%s: %i of its live release are available', (fixture, available) => {
    const { workload, revisions, pods } = readSet(fixture);
    const live = findLive(workload.spec.template, ownRevisions(workload, revisions));
    expect(availablePods(workload, live, podsOf(live, pods))).toBe(available);
  });

  test.each(FIXTURES)('%s: one revision carries the live template, and is the newest', (fixture) => {
    const { workload, revisions } = readSet(fixture);
    const found = revisionsOf(workload, revisions);
    expect(found.length).toBe(revisions.length);
    expect(found.map(({ live }) => live)).toEqual(found.map((_, index) => index === 0));
    expect(found[0]?.replicaSet.metadata.name).toBe(
      workload.status?.updateRevision ?? found[0]?.replicaSet.metadata.name,
    );
  });

  test.each([
    ['stateful-set-healthy', ['1.1', '1.0']],
    ['stateful-set-undone', ['1.0', '1.1']],
    ['daemon-set-crash', ['1.2', '1.0', '1.1']],
  ])('%s: revisions go by stamp and change-cause', (fixture, releases) => {
    const { workload, revisions } = readSet(fixture);
    const found = revisionsOf(workload, revisions);
    expect(found.map(({ stamp }) => stamp)).toEqual(releases);
    expect(found.map(({ changeCause }) => changeCause)).toEqual(releases);
  });

  test.each(FIXTURES)('%s: the pods of a revision are those that its selector finds', (fixture) => {
    const { workload, revisions, pods } = readSet(fixture);
    for (const { metadata } of pods) {
      const { labels = {} } = metadata;
      const carriers = revisions.filter((revision) => {
        const selector = podSelector(labelSelector(workload), revision) ?? '';
        return selector.split(',').every((part) => labels[part.split('=')[0] ?? ''] === part.split('=')[1]);
      });
      expect(carriers).toHaveLength(1);
      expect(podsOf(carriers[0], pods).map(({ metadata: { name } }) => name)).toContain(metadata.name);
    }
  });
});

describe('a ControllerRevision', () => {
  test('gives its template as it is put into the workload', () => {
    const { workload, revisions } = readSet('stateful-set-healthy');
    const live = findLive(workload.spec.template, revisions);
    expect(live?.spec.template).toEqual(workload.spec.template);
    expect(live && isControllerRevision(live)).toBe(true);
  });

  test('counts the pods that are certainly ready, where the workload is brought to it', () => {
    const counts = (fixture: string) => {
      const { workload, revisions } = readSet(fixture);
      return revisionsOf(workload, revisions).map(({ replicaSet }) => replicaSet.status?.availableReplicas);
    };
    expect(counts('stateful-set-healthy')).toEqual([3, undefined]);
    expect(counts('stateful-set-crash')).toEqual([0, undefined, undefined]);
    expect(counts('daemon-set-undone')).toEqual([1, undefined]);
  });

  test.each(['stateful-set-healthy', 'daemon-set-healthy'])(
    '%s: of two with the live template the newest counts',
    (name) => {
      const { workload, revisions, pods } = readSet(name);
      const live = findLive(workload.spec.template, revisions);
      if (!live) throw new Error('nothing is live');
      const { metadata } = live;
      const annotations = { ...metadata.annotations, [REVISION]: '0' };
      const before = {
        name: `${metadata.name}0`,
        uid: 'before',
        creationTimestamp: '2020-01-01T00:00:00Z',
        annotations,
      };
      const twice = [{ ...live, metadata: { ...metadata, ...before } }, ...revisions];
      expect(statusOf({ workload, revisions: twice, pods })).toMatchObject({ state: 'done' });
      expect(revisionsOf(workload, twice).find((each) => each.live)?.replicaSet.metadata.name).toBe(metadata.name);
    },
  );

  test('of another workload is not its own', () => {
    const { revisions } = readSet('stateful-set-healthy');
    expect(ownRevisions(readSet('daemon-set-healthy').workload, revisions)).toEqual([]);
  });
});

describe('pods that do not count', () => {
  const { workload } = readSet('daemon-set-healthy');
  const none = { replicas: 0, updatedReplicas: 0, availableReplicas: 0, observedGeneration: 9 };

  test('no node takes a DaemonSet', () => {
    const nowhere = { ...workload, spec: { ...workload.spec, replicas: 0 }, status: none };
    const said = statusOf({ workload: nowhere, revisions: [], pods: [] });
    expect(said).toEqual({ state: 'done', verified: false, message: 'no node takes it: no pods, nothing verified' });
  });

  test('a partition keeps all of a StatefulSet', () => {
    const { workload: set } = readSet('stateful-set-partition');
    const all = { type: 'RollingUpdate', rollingUpdate: { partition: 3 } };
    const kept = {
      ...set,
      spec: { ...set.spec, updateStrategy: all },
      status: { ...none, replicas: 3, availableReplicas: 3 },
    };
    expect(statusOf({ workload: kept, revisions: [], pods: [] })).toMatchObject({
      message: 'its partition keeps every pod as it is, nothing verified',
    });
  });
});

describe('how pods are replaced', () => {
  const { workload } = readSet('stateful-set-healthy');
  const withMost = (most: number | string) => ({
    ...workload.spec,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: most } },
  });

  test('one at a time, unless the updateStrategy says otherwise; a share is rounded up', () => {
    expect(maxUnavailable(workload.spec)).toBe(1);
    expect(maxUnavailable(withMost(2))).toBe(2);
    expect(maxUnavailable(withMost('34%'))).toBe(2);
    expect(keepsServing(workload)).toBe(true);
    expect(keepsServing(readSet('daemon-set-healthy').workload)).toBe(false);
  });

  test('nothing of it is lent, and that is said', () => {
    const own = { maxSurge: 0, maxUnavailable: 1, minReadySeconds: 0, progressDeadlineSeconds: 600, paused: false };
    expect(limitFields(workload, own, { parallelism: 2, delayMs: 1000, order: 'start-first' })).toEqual({
      fields: {},
      remarks: [],
      unmet: [
        'parallelism, delay, order is not applied: only a Deployment lends its limits; the updateStrategy of this workload decides',
      ],
    });
    expect(limitFields(deploymentOf({}), own, { parallelism: 2 }).fields).not.toEqual({});
  });
});
