import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type ClusterOptions, type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import type { StatefulSet } from '../../../sandbox/cluster/model/set-objects.ts';
import { eventually, imageOf } from './cluster-fixture.ts';
import {
  isStatefulSetRolledOut,
  podsOf,
  releasesByPod,
  releasesByRevision,
  revisionsOf,
  statefulSetManifest,
} from './set-fixture.ts';

let cluster: EmbeddedCluster;
const start = async (options: ClusterOptions = {}) => {
  cluster = await startCluster({ namespaces: ['shop'], ...options });
};
afterEach(() => cluster.stop());

const apply = (release: string, spec: object = {}) => cluster.objects.apply(statefulSetManifest('db', release, spec));
const rolledOut = () => eventually(() => isStatefulSetRolledOut(cluster, 'db'));
const deploy = async (release: string, spec: object = {}) => {
  apply(release, spec);
  return rolledOut();
};
const set = () => cluster.objects.get<StatefulSet>('statefulSets', 'shop', 'db');
const releases = () => releasesByPod(cluster, 'db');
const uids = () => Object.fromEntries(podsOf(cluster, 'db').map(({ metadata }) => [metadata.name, metadata.uid]));
const until = (holds: () => boolean) => eventually(() => (holds() ? true : undefined));
const image = (release: string) => [
  { op: 'replace', path: '/spec/template/spec/containers/0/image', value: imageOf(release) },
];
const parallel = { podManagementPolicy: 'Parallel' };
/** Every set of releases there has been, the pods in the order of their ordinals. */
const courseOf = async (act: () => Promise<unknown>): Promise<readonly string[]> => {
  const course: string[] = [];
  const look = () => {
    const now = [0, 1, 2].map((ordinal) => releases()[`db-${ordinal}`] ?? '-').join(' ');
    if (course.at(-1) !== now) course.push(now);
  };
  look();
  const unsubscribe = cluster.objects.subscribe(look);
  await act().finally(unsubscribe);
  return course;
};

describe('a StatefulSet', () => {
  test('names its pods by their ordinals and tells of which revision they are', async () => {
    await start();
    const { status } = await deploy('1.0');
    const [revision] = revisionsOf(cluster, 'db');
    const name = revision?.metadata.name ?? '';
    expect(podsOf(cluster, 'db').map(({ metadata }) => metadata.name)).toEqual(['db-0', 'db-1', 'db-2']);
    expect(podsOf(cluster, 'db')[2]).toMatchObject({
      metadata: {
        generateName: 'db-',
        labels: {
          app: 'db',
          'apps.kubernetes.io/pod-index': '2',
          'controller-revision-hash': name,
          'statefulset.kubernetes.io/pod-name': 'db-2',
        },
        ownerReferences: [{ kind: 'StatefulSet', name: 'db', uid: set().metadata.uid, controller: true }],
      },
      spec: { hostname: 'db-2', subdomain: 'db' },
    });
    expect(status).toEqual({
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
      currentRevision: name,
      updateRevision: name,
      collisionCount: 0,
    });
  });

  test('keeps its template in a ControllerRevision, with the annotations it had then', async () => {
    await start();
    const { spec, metadata } = await deploy('1.0');
    const [revision] = revisionsOf(cluster, 'db');
    const hash = revision?.metadata.labels?.['controller.kubernetes.io/hash'];
    expect(revision).toMatchObject({
      revision: 1,
      data: { spec: { template: { ...spec.template, $patch: 'replace' } } },
      metadata: {
        name: `db-${hash}`,
        labels: { app: 'db' },
        annotations: { 'kubernetes.io/change-cause': '1.0' },
        ownerReferences: [{ kind: 'StatefulSet', uid: metadata.uid, controller: true, blockOwnerDeletion: true }],
      },
    });
  });

  test.each([
    { policy: 'OrderedReady', together: 1 },
    { policy: 'Parallel', together: 3 },
  ])('of $policy starts $together pods at once', async ({ policy, together }) => {
    await start();
    apply('1.0-unready', { podManagementPolicy: policy });
    await until(() => podsOf(cluster, 'db').length === together);
    await sleep(50);
    expect(podsOf(cluster, 'db')).toHaveLength(together);
    expect(set().status).toMatchObject({ replicas: together, availableReplicas: 0 });
  });

  test('ends the pods too many from the highest ordinal, and makes new ones of its template', async () => {
    await start();
    await deploy('1.0');
    cluster.objects.patch('statefulSets', 'shop', 'db', { spec: { replicas: 1 } });
    await rolledOut();
    expect(releases()).toEqual({ 'db-0': '1.0' });
    cluster.objects.patch('statefulSets', 'shop', 'db', { spec: { replicas: 2 } });
    await rolledOut();
    expect(releases()).toEqual({ 'db-0': '1.0', 'db-1': '1.0' });
  });

  test('counts its ordinals from where it is told to', async () => {
    await start();
    await deploy('1.0', { replicas: 2, ordinals: { start: 5 } });
    expect(releases()).toEqual({ 'db-5': '1.0', 'db-6': '1.0' });
  });

  test('gives every pod its own claims, which the next pod of that name takes over', async () => {
    await start();
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    const claims = () => cluster.objects.list('volumeClaims', 'shop');
    await deploy('1.0', { replicas: 2, volumeClaimTemplates: [{ metadata: { name: 'data' }, spec }] });
    expect(claims()).toMatchObject([
      { metadata: { name: 'data-db-0', labels: { app: 'db' } }, spec },
      { metadata: { name: 'data-db-1', labels: { app: 'db' } }, spec },
    ]);
    const before = claims();
    await deploy('1.1', { replicas: 2 });
    expect(claims()).toEqual(before);
    expect(podsOf(cluster, 'db')[1]?.spec.volumes).toEqual([
      { name: 'data', persistentVolumeClaim: { claimName: 'data-db-1' } },
    ]);
  });

  test('replaces a pod that is deleted by one of the same name', async () => {
    await start();
    await deploy('1.0');
    const before = uids();
    cluster.objects.delete('pods', 'shop', 'db-1');
    await until(() => uids()['db-1'] !== undefined && uids()['db-1'] !== before['db-1']);
    await rolledOut();
    expect(uids()).toEqual({ ...before, 'db-1': expect.not.stringMatching(`^${before['db-1']}$`) });
  });

  test('takes its revisions and its pods along when it is deleted', async () => {
    await start();
    await deploy('1.0');
    cluster.objects.delete('statefulSets', 'shop', 'db');
    await until(() => podsOf(cluster, 'db').length === 0);
    expect(cluster.objects.list('controllerRevisions', 'shop')).toEqual([]);
  });

  test('takes over revisions and pods that were left by an orphaning deletion', async () => {
    await start();
    await deploy('1.0');
    const before = uids();
    cluster.controllers.pause();
    const orphaned = { metadata: { ownerReferences: null } };
    for (const name of Object.keys(before)) cluster.objects.patch('pods', 'shop', name, orphaned);
    const [revision] = revisionsOf(cluster, 'db');
    cluster.objects.patch('controllerRevisions', 'shop', revision?.metadata.name ?? '', orphaned);
    cluster.objects.delete('statefulSets', 'shop', 'db');
    cluster.controllers.resume();
    await deploy('1.0');
    expect(uids()).toEqual(before);
    expect(revisionsOf(cluster, 'db').map(({ metadata }) => metadata.uid)).toEqual([revision?.metadata.uid]);
  });
});

describe('a rolling update', () => {
  test('goes from the highest ordinal down, one pod at a time', async () => {
    await start();
    await deploy('1.0');
    const course = await courseOf(() => deploy('1.1'));
    expect(course.filter((releases) => !releases.includes('-'))).toEqual([
      '1.0 1.0 1.0',
      '1.0 1.0 1.1',
      '1.0 1.1 1.1',
      '1.1 1.1 1.1',
    ]);
    expect(Math.max(...course.map((releases) => releases.split('-').length - 1))).toBe(1);
  });

  test('tells of two revisions until it is complete', async () => {
    await start();
    const { status: before } = await deploy('1.0');
    apply('1.1-unready');
    await until(() => set().status.updatedReplicas === 1);
    const { updateRevision, ...status } = set().status;
    expect(updateRevision).not.toBe(before.updateRevision);
    expect(status).toEqual({
      observedGeneration: 2,
      replicas: 3,
      readyReplicas: 2,
      availableReplicas: 2,
      currentReplicas: 2,
      updatedReplicas: 1,
      currentRevision: before.updateRevision,
      collisionCount: 0,
    });
    cluster.objects.delete('pods', 'shop', 'db-2');
    const { status: after } = await deploy('1.2');
    expect([after.currentRevision, after.currentReplicas]).toEqual([after.updateRevision, 3]);
  });

  test.each([
    { partition: 2, expected: '1.0 1.0 1.1' },
    { partition: 1, expected: '1.0 1.1 1.1' },
    { partition: 3, expected: '1.0 1.0 1.0' },
  ])('with partition $partition ends at $expected', async ({ partition, expected }) => {
    await start();
    await deploy('1.0');
    const { status } = await deploy('1.1', { updateStrategy: { rollingUpdate: { partition } } });
    await sleep(30);
    expect(Object.values(releases()).join(' ')).toBe(expected);
    expect(status.currentRevision).not.toBe(status.updateRevision);
  });

  test('makes a pod below the partition of the revision that was there, not of the template', async () => {
    await start();
    await deploy('1.0');
    await deploy('1.1', { updateStrategy: { rollingUpdate: { partition: 2 } } });
    const before = uids();
    cluster.objects.delete('pods', 'shop', 'db-0');
    await until(() => ![undefined, before['db-0']].includes(uids()['db-0']));
    expect(releases()['db-0']).toBe('1.0');
  });

  test('OnDelete waits until somebody deletes a pod', async () => {
    await start();
    const strategy = { updateStrategy: { type: 'OnDelete' } };
    await deploy('1.0', strategy);
    apply('1.1', strategy);
    await until(() => set().status.observedGeneration === 2);
    await sleep(30);
    expect(Object.values(releases())).toEqual(['1.0', '1.0', '1.0']);
    cluster.objects.delete('pods', 'shop', 'db-1');
    await until(() => releases()['db-1'] === '1.1');
    expect(Object.values(releases())).toEqual(['1.0', '1.1', '1.0']);
  });

  test('waits minReadySeconds before the next pod', async () => {
    await start({ timeScale: 20 });
    await deploy('1.0', { replicas: 2, minReadySeconds: 4 });
    const [first, second] = podsOf(cluster, 'db').map(({ status }) =>
      Date.parse(status.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? ''),
    );
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(4000);
  });

  test('records its steps as events of the set', async () => {
    await start();
    await deploy('1.0', { replicas: 1 });
    await deploy('1.1', { replicas: 1 });
    const events = cluster.objects
      .list<Event>('events', 'shop')
      .filter(({ involvedObject }) => involvedObject.name === 'db');
    expect(events.map(({ reason, message }) => `${reason}: ${message}`)).toEqual(
      expect.arrayContaining([
        'SuccessfulCreate: Create Pod db-0 in StatefulSet db successful',
        'SuccessfulDelete: Delete Pod db-0 in StatefulSet db successful',
      ]),
    );
  });
});

/** kubernetes/kubernetes#67250 */
describe('a broken pod of a bad release, once the template is back', () => {
  test('stays by OrderedReady until it is deleted by hand', async () => {
    await start();
    await deploy('1.0');
    apply('1.1-crash');
    await until(() => set().status.updatedReplicas === 1);
    apply('1.0');
    await until(() => set().status.observedGeneration === 3);
    await sleep(100);
    expect(releases()).toEqual({ 'db-0': '1.0', 'db-1': '1.0', 'db-2': '1.1-crash' });
    expect(set().status).toMatchObject({ readyReplicas: 2, updatedReplicas: 2 });
    cluster.objects.delete('pods', 'shop', 'db-2');
    await rolledOut();
    expect(releases()).toEqual({ 'db-0': '1.0', 'db-1': '1.0', 'db-2': '1.0' });
  });

  test('is replaced by Parallel', async () => {
    await start();
    await deploy('1.0', parallel);
    apply('1.1-crash', parallel);
    await until(() => set().status.updatedReplicas === 1);
    await deploy('1.0', parallel);
    expect(releases()).toEqual({ 'db-0': '1.0', 'db-1': '1.0', 'db-2': '1.0' });
  });
});

describe('the history', () => {
  test('renumbers a revision that is taken up again, which keeps its annotations', async () => {
    await start();
    for (const release of ['1.0', '1.1']) await deploy(release);
    const [first] = revisionsOf(cluster, 'db').filter(({ revision }) => revision === 1);
    cluster.objects.apply({
      ...statefulSetManifest('db', '1.0'),
      metadata: { name: 'db', namespace: 'shop', annotations: { 'kubernetes.io/change-cause': 'again' } },
    });
    await rolledOut();
    expect(releasesByRevision(cluster, 'db')).toEqual({ 2: '1.1', 3: '1.0' });
    const [reused] = revisionsOf(cluster, 'db').filter(({ revision }) => revision === 3);
    expect(reused?.metadata).toMatchObject({
      uid: first?.metadata.uid,
      annotations: { 'kubernetes.io/change-cause': '1.0' },
    });
  });

  test('is not touched by annotations, which raise no generation', async () => {
    await start();
    await deploy('1.0');
    const { metadata } = cluster.objects.patch('statefulSets', 'shop', 'db', {
      metadata: { annotations: { 'kubernetes.io/change-cause': '9' } },
    });
    await sleep(20);
    expect(metadata.generation).toBe(1);
    expect(revisionsOf(cluster, 'db').map(({ metadata: { annotations } }) => annotations)).toEqual([
      { 'kubernetes.io/change-cause': '1.0' },
    ]);
  });

  test.each([
    { limit: 0, kept: ['4'] },
    { limit: 1, kept: ['3', '4'] },
    { limit: 10, kept: ['1', '2', '3', '4'] },
  ])('of limit $limit keeps $kept of four', async ({ limit, kept }) => {
    await start();
    for (const release of ['1', '2', '3', '4']) await deploy(release, { replicas: 1, revisionHistoryLimit: limit });
    await until(() => revisionsOf(cluster, 'db').length === kept.length);
    expect(Object.keys(releasesByRevision(cluster, 'db'))).toEqual(kept);
  });

  test('gets round a name that another template has taken', async () => {
    await start({ templateHash: (_, collisions) => `same${collisions}` });
    await deploy('1.0');
    cluster.objects.patch('statefulSets', 'shop', 'db', image('1.1'));
    const { status } = await rolledOut();
    expect(releasesByRevision(cluster, 'db')).toEqual({ 1: '1.0', 2: '1.1' });
    expect(status).toMatchObject({ collisionCount: 1, updateRevision: 'db-same1' });
  });
});

interface Event {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: StatefulSet['metadata'];
  readonly reason: string;
  readonly message: string;
  readonly involvedObject: { readonly name: string };
}
