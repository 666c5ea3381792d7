import { describe, expect, test } from '@jest/globals';
import { findLive, ownRevisions } from '../../src/rollout/history.ts';
import { CONTROLLER_REVISION_HASH } from '../../src/rollout/marks.ts';
import type { ContainerStatus, Deployment, Pod } from '../../src/rollout/objects.ts';
import { heldUp, podInTheWay, wasJustReady } from '../../src/rollout/ordered-ready.ts';
import { type CapturedSet, readSet } from '../fixtures/load.ts';

const GOING = { state: 'progressing', message: '1 of 3 pods available' } as const;
const WAITS =
  'held up by pod db-2 of another release, which is not ready and which the controller waits for (OrderedReady): ' +
  'delete it (kubectl delete pod db-2 -n shop), or set forced-rollback: true';

const WAITING = { restartCount: 2, state: { waiting: { reason: 'CrashLoopBackOff' } } } as const;
const CRASHED = { restartCount: 2, state: { terminated: { exitCode: 3 } } } as const;

function find({ workload, revisions, pods }: CapturedSet) {
  return podInTheWay(workload, findLive(workload.spec.template, ownRevisions(workload, revisions)), pods);
}

/** What is captured, with one pod or the workload otherwise. */
function changed(
  fixture: string,
  {
    pod = (each) => each,
    workload = (each) => each,
  }: Partial<Record<'pod', (pod: Pod) => Pod>> & {
    readonly workload?: (workload: Deployment) => Deployment;
  },
): CapturedSet {
  const captured = readSet(fixture);
  const pods = captured.pods.map((each) => (each.metadata.name === 'db-2' ? pod(each) : each));
  return { ...captured, workload: workload(captured.workload), pods };
}

describe('a pod in the way', () => {
  test.each([
    ['stateful-set-trapped', readSet('stateful-set-trapped'), 'stuck'],
    // It runs and is not ready: it may still become so.
    ['stateful-set-trapped-unready', readSet('stateful-set-trapped-unready'), 'unready'],
    // As a pod does that lives for weeks: what crashes again and again shows as it waits or ends.
    [
      'that restarted before',
      changed('stateful-set-trapped-unready', { pod: container({ restartCount: 1 }) }),
      'unready',
    ],
    ['that waits for its next life', changed('stateful-set-trapped-unready', { pod: container(WAITING) }), 'stuck'],
    ['that has just crashed', changed('stateful-set-trapped-unready', { pod: container(CRASHED) }), 'stuck'],
    ['one whose node does not answer', changed('stateful-set-trapped-unready', { pod: lost(0) }), 'lost'],
    ['one that restarted before its node was lost', changed('stateful-set-trapped-unready', { pod: lost(1) }), 'lost'],
  ])('%s', (_, captured, sign) => {
    const found = find(captured);
    expect([found?.pod.metadata.name, found?.sign]).toEqual(['db-2', sign]);
  });

  test.each(['stateful-set-healthy', 'stateful-set-mid-rollout', 'stateful-set-crash', 'daemon-set-crash'])(
    '%s: none',
    (fixture) => {
      expect(find(readSet(fixture))).toBeUndefined();
    },
  );

  const ready = { type: 'Ready', status: 'True' } as const;

  test.each<readonly [string, CapturedSet]>([
    ['it is leaving', changed('stateful-set-trapped', { pod: leaving })],
    ['it has ended, and is made anew', changed('stateful-set-trapped', { pod: ended })],
    ['it is ready', changed('stateful-set-trapped', { pod: (pod) => ({ ...pod, status: { conditions: [ready] } }) })],
    ['it is of somebody else', changed('stateful-set-trapped', { pod: orphaned })],
    ['a partition keeps it', changed('stateful-set-trapped', { workload: partitioned })],
    ['a partition keeps it, the ordinals of which begin later', changed('stateful-set-trapped', { workload: shifted })],
    ['pods do not wait for one another', changed('stateful-set-trapped', { workload: parallel })],
    ['the controller has not seen the change', changed('stateful-set-trapped', { workload: unseen })],
    ['the controller has not decided on the revision', changed('stateful-set-trapped', { workload: undecided })],
  ])('none where %s', (_, captured) => {
    expect(find(captured)).toBeUndefined();
  });

  test('one that a partition keeps, as long as pods lack above it: none is made before it is ready', () => {
    const { pod, sign } = find(belowPartition()) ?? {};
    expect([pod?.metadata.name, sign]).toEqual(['db-0', 'kept']);
  });

  test('the first in order decides: behind one of the new release nothing is in the way', () => {
    const { workload, revisions, pods } = readSet('stateful-set-trapped');
    const waits = pods.map((pod) => (pod.metadata.name === 'db-0' ? { ...pod, status: {} } : pod));
    expect(find({ workload, revisions, pods: waits })).toBeUndefined();
  });

  test('tenth after second', () => {
    const { workload, revisions, pods } = readSet('stateful-set-trapped');
    const [last] = pods.filter(({ metadata }) => metadata.name === 'db-2');
    if (!last) throw new Error('no db-2');
    const tenth = { ...last, metadata: { ...last.metadata, name: 'db-10' } };
    expect(find({ workload, revisions, pods: [tenth, ...pods] })?.pod.metadata.name).toBe('db-2');
  });
});

describe('how far a rollout is', () => {
  const stuck = find(readSet('stateful-set-trapped'));
  const starting = find(readSet('stateful-set-trapped-unready'));

  test('stuck: it ends', () => {
    expect(heldUp(GOING, stuck, false)).toEqual({ state: 'held-up', message: WAITS });
  });

  test('not ready yet: it is waited for, which says nothing about the release', () => {
    expect(heldUp(GOING, starting, false)).toEqual({
      ...{ state: 'progressing', isHeldUp: true },
      message: `1 of 3 pods available; ${WAITS}`,
    });
  });

  test('that restarted before and is not ready for a moment: it is waited for', () => {
    const blips = find(changed('stateful-set-trapped-unready', { pod: container({ restartCount: 1 }) }));
    expect(heldUp(GOING, blips, false)).toMatchObject({ state: 'progressing', isHeldUp: true });
  });

  test('not ready yet, of a release that is known to have failed: it ends', () => {
    expect(heldUp(GOING, starting, true)).toEqual({ state: 'held-up', message: WAITS });
  });

  test.each([false, true])(
    'of a node that does not answer: nobody is to delete it (its release failed: %p)',
    (failed) => {
      const away = find(changed('stateful-set-trapped-unready', { pod: lost(1) }));
      expect(heldUp(GOING, away, failed)).toEqual({
        ...{ state: 'progressing', isHeldUp: true },
        message:
          '1 of 3 pods available; held up by pod db-2 of another release, which is not ready and which the controller ' +
          'waits for (OrderedReady): its node node-7 does not answer',
      });
    },
  );

  test('of a pod that is to stay as it is: nobody is to delete it', () => {
    expect(heldUp(GOING, find(belowPartition()), true)).toEqual({
      ...{ state: 'progressing', isHeldUp: true },
      message:
        '1 of 3 pods available; held up by pod db-0, which a partition keeps, which is not ready and which the ' +
        'controller waits for (OrderedReady): it has to get ready',
    });
  });

  test.each([
    ['nothing in the way', GOING, undefined],
    ['somebody else was faster', { state: 'superseded', message: 'x' } as const, stuck],
  ])('%s', (_, status, inTheWay) => {
    expect(heldUp(status, inTheWay, true)).toBe(status);
  });
});

describe('whether a pod was ready a moment ago', () => {
  const NOW = Date.parse('2026-11-21T12:10:00Z');
  const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();
  const notReady = (seconds: number) => [{ type: 'Ready', status: 'False', lastTransitionTime: ago(seconds) } as const];

  test.each<readonly [string, Pod['status'], boolean]>([
    ['it lost that just now', { startTime: ago(9_000), conditions: notReady(0) }, true],
    ['it lost that a minute ago', { startTime: ago(9_000), conditions: notReady(60) }, false],
    ['it lost that by a clock that is ahead', { startTime: ago(9_000), conditions: notReady(-5) }, true],
    ['it never was', { startTime: ago(5), conditions: notReady(5) }, false],
    ['no kubelet has said anything of it', { phase: 'Pending' }, false],
  ])('%s', (_, status, expected) => {
    const pod = {
      metadata: { name: 'db-2', namespace: 'shop', uid: '1', resourceVersion: '1' },
      ...(status && { status }),
    };
    expect(wasJustReady(pod, NOW)).toBe(expected);
  });
});

/** With its container otherwise. */
function container(change: Partial<ContainerStatus>): (pod: Pod) => Pod {
  return ({ status, ...pod }) => ({
    ...pod,
    status: { ...status, containerStatuses: (status?.containerStatuses ?? []).map((each) => ({ ...each, ...change })) },
  });
}

function leaving(pod: Pod): Pod {
  return { ...pod, metadata: { ...pod.metadata, deletionTimestamp: '2026-11-21T10:00:00Z' } };
}

function ended(pod: Pod): Pod {
  return { ...pod, status: { ...pod.status, phase: 'Failed' } };
}

/** As the node lifecycle controller leaves a pod that was well. */
function lost(restartCount: number): (pod: Pod) => Pod {
  return ({ spec, status, ...pod }) => {
    const { startedAt } = status?.containerStatuses?.[0]?.state?.running ?? {};
    const containerStatuses = (status?.containerStatuses ?? []).map((each) => ({
      ...{ ...each, ready: true, restartCount },
      state: { running: startedAt === undefined ? {} : { startedAt } },
    }));
    const conditions = [{ type: 'Ready', status: 'False' } as const];
    return { ...pod, spec: { ...spec, nodeName: 'node-7' }, status: { ...status, conditions, containerStatuses } };
  };
}

function orphaned({ metadata: { ownerReferences: _, ...metadata }, ...pod }: Pod): Pod {
  return { ...pod, metadata };
}

function parallel(workload: Deployment): Deployment {
  return { ...workload, spec: { ...workload.spec, podManagementPolicy: 'Parallel' } };
}

/** Nothing is of the new release yet, and the only pod that is to stay is not ready. */
function belowPartition(): CapturedSet {
  const { workload, pods, ...captured } = readSet('stateful-set-trapped');
  const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 1 } };
  const unready = { type: 'Ready', status: 'False', reason: 'ContainersNotReady' } as const;
  const old = pods.map(({ metadata, status, ...pod }) => ({
    ...pod,
    metadata: { ...metadata, labels: { ...metadata.labels, [CONTROLLER_REVISION_HASH]: 'db-old' } },
    status: {
      ...status,
      conditions: [metadata.name === 'db-0' ? unready : ({ type: 'Ready', status: 'True' } as const)],
    },
  }));
  return { ...captured, workload: { ...workload, spec: { ...workload.spec, updateStrategy } }, pods: old };
}

function partitioned(workload: Deployment): Deployment {
  const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 3 } };
  return { ...workload, spec: { ...workload.spec, updateStrategy } };
}

function shifted(workload: Deployment): Deployment {
  const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 1 } };
  return { ...workload, spec: { ...workload.spec, ordinals: { start: 2 }, updateStrategy } };
}

function unseen({ metadata, ...workload }: Deployment): Deployment {
  return { ...workload, metadata: { ...metadata, generation: (metadata.generation ?? 0) + 1 } };
}

function undecided({ status, ...workload }: Deployment): Deployment {
  return { ...workload, status: { ...status, updateRevision: 'db-before' } };
}
