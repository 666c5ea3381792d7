import { describe, expect, test } from '@jest/globals';
import { findLive, ownRevisions } from '../../src/rollout/history.ts';
import type { ClusterEvent, Deployment, Pod } from '../../src/rollout/objects.ts';
import { podsOf } from '../../src/rollout/ordered-ready.ts';
import { isRefused, lackingPods, withRefusal, writtenAt } from '../../src/rollout/refused-pods.ts';
import { readFixture, readSet } from '../fixtures/load.ts';

const DENIED = 'pods "db-2" is forbidden: exceeded quota: pods, requested: pods=1, used: pods=2, limited: pods=2';
const since = Date.parse('2026-11-21T12:00:10Z');

/** An event at a second after 12:00. */
function event(second: number, reason: string, message: string, more: Partial<ClusterEvent> = {}): ClusterEvent {
  const lastTimestamp = new Date(Date.parse('2026-11-21T12:00:00Z') + second * 1000).toISOString();
  const metadata = { name: 'e', namespace: 'shop', uid: 'e', resourceVersion: '1' };
  return { metadata, involvedObject: {}, reason, message, lastTimestamp, ...more };
}

const refused = (second: number, pod = 'db-2', said = DENIED) =>
  event(second, 'FailedCreate', `Create Pod ${pod} in StatefulSet db failed error: ${said}`);
const made = (second: number, pod = 'db-2') =>
  event(second, 'SuccessfulCreate', `Create Pod ${pod} in StatefulSet db successful`);
const daemonRefused = (second: number, before = '', pod = `agent-${second}`) =>
  event(second, 'FailedCreate', `${before}Error creating: pods "${pod}" is forbidden: no`);

type Status = NonNullable<Deployment['status']>;

/** A set of three whose pods lack, as its revision is shown with these events. */
function shown(
  fixture: string,
  events: readonly ClusterEvent[],
  spec: Partial<Deployment['spec']> = {},
  own?: readonly Pod[],
) {
  const { workload, revisions } = readSet(fixture);
  const set: Deployment = { ...workload, spec: { ...workload.spec, replicas: 3, ...spec } };
  const live = findLive(set.spec.template, ownRevisions(set, revisions));
  if (!live) throw new Error('no revision');
  return { live, carrier: withRefusal(set, live, 1, { events, own, since }) };
}

const messageOf = (...known: Parameters<typeof shown>) => shown(...known).carrier.status?.conditions?.[0]?.message;

describe('what the controller of a StatefulSet says', () => {
  const set = 'stateful-set-mid-rollout';
  const partition = (ordinal: number) => ({ updateStrategy: { rollingUpdate: { partition: ordinal } } });

  test('becomes the condition that a ReplicaSet would have, and the pods that it would lack', () => {
    const { live, carrier } = shown(set, [refused(11)]);
    const condition = { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: DENIED };
    expect(carrier.status).toEqual({ ...live.status, conditions: [condition] });
    expect(carrier.spec.replicas).toBe((live.status?.replicas ?? 0) + 1);
    expect([isRefused(carrier), isRefused(live)]).toEqual([true, false]);
  });

  test.each<readonly [string, readonly ClusterEvent[], string | undefined]>([
    ['in the second of the write', [refused(10)], DENIED],
    ['before the write', [refused(9)], undefined],
    [
      'before the write, and again since',
      [{ ...refused(9), series: { lastObservedTime: '2026-11-21T12:00:10.5Z' } }],
      DENIED,
    ],
    [
      'in the words of an older Kubernetes',
      [event(11, 'FailedCreate', `create Pod db-2 in StatefulSet db failed error: ${DENIED}`)],
      DENIED,
    ],
    ['of a pod that was made since', [refused(11), made(12)], undefined],
    ['of a pod that was made within the same second', [made(11), refused(11)], undefined],
    ['of a pod that was made within the same second, told later', [refused(11), made(11)], undefined],
    ['of a pod that was made before', [made(10), refused(11)], DENIED],
    ['while another pod was made', [refused(11), made(12, 'db-1')], DENIED],
    ['of two pods, the later one first', [refused(11), refused(12, 'db-1', 'later')], 'later'],
    [
      'of a claim, then of its pod',
      [event(11, 'SuccessfulCreate', 'Create Claim data-db-2 Pod db-2 in StatefulSet db success'), refused(11)],
      DENIED,
    ],
    ['of an ordinal that is not wanted any more', [refused(11, 'db-3')], undefined],
    ['of a deletion', [event(11, 'FailedDelete', 'Delete Pod db-2 in StatefulSet db failed error: no')], undefined],
    ['nothing', [], undefined],
  ])('%s', (_, events, message) => {
    expect(messageOf(set, events)).toBe(message);
  });

  test('of pods that a partition keeps on the old template is not about the release', () => {
    expect(messageOf(set, [refused(11, 'db-1')], partition(2))).toBeUndefined();
    expect(messageOf(set, [refused(11, 'db-2')], partition(2))).toBe(DENIED);
    expect(messageOf(set, [refused(11, 'db-6')], { ordinals: { start: 5 }, ...partition(2) })).toBeUndefined();
    expect(messageOf(set, [refused(11, 'db-7')], { ordinals: { start: 5 }, ...partition(2) })).toBe(DENIED);
  });
});

describe('what the controller of a DaemonSet says', () => {
  const set = 'daemon-set-mid-rollout';
  test.each<readonly [string, readonly ClusterEvent[], string | undefined]>([
    [
      'of pods whose names are new each time',
      [daemonRefused(11), daemonRefused(12)],
      'pods "agent-12" is forbidden: no',
    ],
    [
      'much alike',
      [daemonRefused(11), daemonRefused(12, '(combined from similar events): ')],
      'pods "agent-12" is forbidden: no',
    ],
    ['before a pod was made', [daemonRefused(11), event(12, 'SuccessfulCreate', 'Created pod: agent-x')], undefined],
    [
      'after a pod was made',
      [event(11, 'SuccessfulCreate', 'Created pod: agent-x'), daemonRefused(12)],
      'pods "agent-12" is forbidden: no',
    ],
  ])('%s', (_, events, message) => {
    expect(messageOf(set, events)).toBe(message);
  });
});

describe('a pod that is there was made, whether or not an event tells', () => {
  const there = (second: number, name: string): Pod => {
    const creationTimestamp = new Date(Date.parse('2026-11-21T12:00:00Z') + second * 1000).toISOString();
    return { metadata: { name, namespace: 'shop', uid: name, resourceVersion: '1', creationTimestamp } };
  };
  const { creationTimestamp: _, ...undated } = there(0, 'db-2').metadata;

  test.each<readonly [string, string, readonly ClusterEvent[], readonly Pod[], string | undefined]>([
    ['after it was refused', 'stateful-set-mid-rollout', [refused(11)], [there(12, 'db-2')], undefined],
    ['within the same second', 'stateful-set-mid-rollout', [refused(11)], [there(11, 'db-2')], undefined],
    ['before it was refused', 'stateful-set-mid-rollout', [refused(12)], [there(11, 'db-2')], DENIED],
    ['another one', 'stateful-set-mid-rollout', [refused(11, 'db-1')], [there(12, 'db-2')], DENIED],
    ['nobody knows when', 'stateful-set-mid-rollout', [refused(11)], [{ metadata: undated }], DENIED],
    ['of a DaemonSet, after', 'daemon-set-mid-rollout', [daemonRefused(11)], [there(12, 'agent-x')], undefined],
    [
      'of a DaemonSet, before',
      'daemon-set-mid-rollout',
      [daemonRefused(12)],
      [there(11, 'agent-x')],
      'pods "agent-12" is forbidden: no',
    ],
  ])('%s', (_, fixture, events, own, message) => {
    expect(messageOf(fixture, events, {}, own)).toBe(message);
  });
});

describe('pods that lack', () => {
  const lacking = (fixture: string, status: Status, spec: Partial<Deployment['spec']> = {}) => {
    const { workload, revisions, pods } = readSet(fixture);
    const set: Deployment = { ...workload, spec: { ...workload.spec, replicas: 3, ...spec }, status };
    const live = findLive(set.spec.template, ownRevisions(set, revisions));
    return lackingPods(set, live, podsOf(live, pods));
  };
  const surging = { updateStrategy: { rollingUpdate: { maxSurge: '30%', maxUnavailable: 0 } } };

  test.each<readonly [string, string, Status, Partial<Deployment['spec']>, number]>([
    ['one that is gone', 'stateful-set-mid-rollout', { replicas: 2, updatedReplicas: 0 }, {}, 1],
    ['none while the old ones are there', 'stateful-set-mid-rollout', { replicas: 3, updatedReplicas: 0 }, {}, 0],
    ['none where more are to leave', 'stateful-set-mid-rollout', { replicas: 4 }, {}, 0],
    ['every one beside its old one', 'daemon-set-mid-rollout', { replicas: 3, updatedReplicas: 0 }, surging, 3],
    ['but for those that are seen beside theirs', 'daemon-set-crash', { replicas: 3, updatedReplicas: 0 }, surging, 2],
  ])('%s', (_, fixture, status, spec, count) => {
    expect(lacking(fixture, status, spec)).toBe(count);
  });

  test('of a Deployment are for its ReplicaSet to tell', () => {
    const { deployment, replicaSets } = readFixture('mid-rollout');
    expect(lackingPods({ ...deployment, status: {} }, replicaSets[0])).toBe(0);
  });
});

test('a template was written when somebody last wrote anything but a status', () => {
  const { workload } = readSet('stateful-set-healthy');
  const written = (...managedFields: NonNullable<Deployment['metadata']['managedFields']>) =>
    writtenAt({ ...workload, metadata: { ...workload.metadata, managedFields } });
  const [early, late] = ['2026-11-21T12:00:00Z', '2026-11-21T12:00:10Z'];
  expect(written({ time: early }, { time: late }, { time: early })).toBe(Date.parse(late));
  expect(written({ time: early }, { time: late, subresource: 'status' })).toBe(Date.parse(early));
  expect(written()).toBe(Number.POSITIVE_INFINITY);
});
