import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type ClusterOptions, type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import type { Condition } from '../../../sandbox/cluster/model/kubernetes-objects.ts';
import type { Deployment, Pod } from '../../../sandbox/cluster/model/workload-objects.ts';
import { createApiClient } from './api-client.ts';
import { deploymentManifest, eventually, imageOf, isRolledOut, revisions } from './cluster-fixture.ts';

let cluster: EmbeddedCluster;
const start = async (options: ClusterOptions = {}) => {
  cluster = await startCluster({ namespaces: ['shop'], ...options });
};
afterEach(() => cluster.stop());

const deploy = async (release: string, spec: object = {}) => {
  cluster.objects.apply(deploymentManifest('web', release, spec));
  return eventually(() => isRolledOut(cluster, 'web'));
};
const setImage = (release: string) =>
  cluster.objects.patch('deployments', 'shop', 'web', [
    { op: 'replace', path: '/spec/template/spec/containers/0/image', value: imageOf(release) },
  ]);
const patchSpec = (spec: object) => cluster.objects.patch('deployments', 'shop', 'web', { spec });
const deployment = () => cluster.objects.get<Deployment>('deployments', 'shop', 'web');
const condition = (type: string): Condition | undefined =>
  deployment().status.conditions?.find((candidate) => candidate.type === type);
const reasonOf = (type: string) => condition(type)?.reason;
const until = (holds: () => boolean, ms?: number) => eventually(() => (holds() ? true : undefined), ms);
const isSubset = (part: object, whole: object) =>
  Object.entries(part).every(([key, value]) => (whole as Record<string, unknown>)[key] === value);
const sizes = () =>
  Object.fromEntries(Object.entries(revisions(cluster, 'web')).map(([revision, set]) => [revision, set.spec.replicas]));

describe('a rolling update', () => {
  test.each([
    { replicas: 4, maxSurge: 1, maxUnavailable: 0, fresh: 1, old: 4 },
    { replicas: 4, maxSurge: 0, maxUnavailable: 1, fresh: 1, old: 3 },
    { replicas: 4, maxSurge: '25%', maxUnavailable: '25%', fresh: 2, old: 3 },
    { replicas: 3, maxSurge: '25%', maxUnavailable: '25%', fresh: 1, old: 3 },
    { replicas: 2, maxSurge: '100%', maxUnavailable: 0, fresh: 2, old: 2 },
    { replicas: 10, maxSurge: 3, maxUnavailable: 2, fresh: 5, old: 8 },
  ])(
    'of $replicas, surge $maxSurge, unavailable $maxUnavailable, stops at $fresh new and $old old when new pods fail',
    async ({ replicas, maxSurge, maxUnavailable, fresh, old }) => {
      await start();
      await deploy('1.0', { replicas, strategy: { rollingUpdate: { maxSurge, maxUnavailable } } });
      setImage('1.1-unready');
      const stopped = { replicas: fresh + old, updatedReplicas: fresh, availableReplicas: old };
      await until(() => isSubset(stopped, deployment().status));
      await sleep(50);
      expect(sizes()).toEqual({ 1: old, 2: fresh });
      expect(deployment().status).toMatchObject(stopped);
    },
  );

  test('takes unhealthy old replicas first, so that a bad release does not block the next one', async () => {
    await start();
    await deploy('1.0', { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
    setImage('1.1-unready');
    await until(() => sizes()['2'] === 1);
    setImage('1.2');
    await eventually(() => isRolledOut(cluster, 'web'));
    expect(sizes()).toEqual({ 1: 0, 2: 0, 3: 2 });
  });

  test('waits minReadySeconds before a pod counts as available', async () => {
    await start({ timeScale: 20 });
    await deploy('1.0', { replicas: 1, minReadySeconds: 4 });
    const [pod] = cluster.objects.list<Pod>('pods', 'shop');
    const ready = pod?.status.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? '';
    expect(cluster.clock.now() - Date.parse(ready)).toBeGreaterThanOrEqual(4000);
  });
});

test('Recreate ends the old pods before the first new one', async () => {
  await start();
  await deploy('1.0', { strategy: { type: 'Recreate' } });
  const together = new Set<number>();
  const release = (pod: Pod) => pod.spec.containers[0]?.image ?? '';
  const runs = ({ status }: Pod) => status.phase !== 'Succeeded';
  const watching = setInterval(() => {
    together.add(new Set(cluster.objects.list<Pod>('pods', 'shop').filter(runs).map(release)).size);
  }, 1);
  setImage('1.1');
  await eventually(() => isRolledOut(cluster, 'web'));
  clearInterval(watching);
  expect([...together]).not.toContain(2);
  expect(sizes()).toEqual({ 1: 0, 2: 2 });
});

describe('revisionHistoryLimit', () => {
  test.each([
    { limit: 0, kept: ['5'] },
    { limit: 1, kept: ['4', '5'] },
    { limit: 3, kept: ['2', '3', '4', '5'] },
  ])('$limit keeps revisions $kept of five', async ({ limit, kept }) => {
    await start();
    for (const release of ['1', '2', '3', '4', '5']) await deploy(release, { revisionHistoryLimit: limit });
    await until(() => Object.keys(revisions(cluster, 'web')).length <= kept.length);
    expect(Object.keys(revisions(cluster, 'web'))).toEqual(kept);
  });

  test('deletes nothing while a rollout is on its way', async () => {
    await start();
    for (const release of ['1', '2']) await deploy(release, { revisionHistoryLimit: 1 });
    cluster.objects.apply(deploymentManifest('web', '3-unready', { revisionHistoryLimit: 1 }));
    await until(() => sizes()['3'] === 1);
    expect(sizes()).toHaveProperty('1');
  });
});

describe('pausing', () => {
  test('holds the rollout, collects edits into one revision and reports itself', async () => {
    await start();
    await deploy('1.0');
    patchSpec({ paused: true });
    await until(() => reasonOf('Progressing') === 'DeploymentPaused');
    setImage('1.1');
    setImage('1.2');
    await until(() => deployment().status.observedGeneration === deployment().metadata.generation);
    expect(sizes()).toEqual({ 1: 2 });
    patchSpec({ paused: false });
    await eventually(() => isRolledOut(cluster, 'web'));
    expect(sizes()).toEqual({ 1: 0, 2: 2 });
    expect(reasonOf('Progressing')).toBe('NewReplicaSetAvailable');
  });

  test('scales the revisions in proportion meanwhile', async () => {
    await start();
    await deploy('1.0', { replicas: 4, strategy: { rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } } });
    setImage('1.1-unready');
    await until(() => sizes()['2'] === 2);
    patchSpec({ paused: true });
    await until(() => reasonOf('Progressing') === 'DeploymentPaused');
    patchSpec({ replicas: 8 });
    await until(() => deployment().status.observedGeneration === deployment().metadata.generation);
    expect(sizes()).toEqual({ 1: 7, 2: 3 });
  });
});

describe('progressDeadlineSeconds', () => {
  const stuck = { replicas: 1, progressDeadlineSeconds: 5, strategy: { type: 'Recreate' } };

  test('exceeded, says so and leaves the rollout alone', async () => {
    await start({ timeScale: 50 });
    cluster.objects.apply(deploymentManifest('web', '1.0-unready', stuck));
    await until(() => reasonOf('Progressing') === 'ProgressDeadlineExceeded');
    expect(condition('Progressing')).toMatchObject({
      status: 'False',
      message: `ReplicaSet "${revisions(cluster, 'web')['1']?.metadata.name}" has timed out progressing.`,
    });
    expect(sizes()).toEqual({ 1: 1 });
  });

  test('stays exceeded in the first status after a rollback to a known revision', async () => {
    await start({ timeScale: 50 });
    const spec = { ...stuck, strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } };
    await deploy('1.0', spec);
    setImage('1.1-unready');
    await until(() => reasonOf('Progressing') === 'ProgressDeadlineExceeded');
    const { generation = 0, resourceVersion } = deployment().metadata;
    const client = createApiClient(cluster);
    const watch = client.watch(`/apis/apps/v1/deployments?watch=true&resourceVersion=${resourceVersion}`);
    setImage('1.0');
    const first = await eventually(() =>
      watch.lines.find(({ object }) => object.status.observedGeneration === generation + 1),
    );
    const said = first.object.status.conditions.find(({ type }: Condition) => type === 'Progressing');
    expect(said.reason).toBe('ProgressDeadlineExceeded');
    watch.close();
    client.close();
    await until(() => reasonOf('Progressing') === 'NewReplicaSetAvailable');
  });

  test('of the largest integer means no deadline and no condition', async () => {
    await start();
    await deploy('1.0', { progressDeadlineSeconds: 2 ** 31 - 1 });
    expect(condition('Progressing')).toBeUndefined();
  });
});

test('a hash collision is counted and resolved with another name', async () => {
  const hashes: string[] = [];
  await start({
    templateHash: (_, collisions) => {
      const hash = `hash${collisions}`;
      hashes.push(hash);
      return hash;
    },
  });
  await deploy('1.0');
  await deploy('1.1');
  expect(deployment().status.collisionCount).toBe(1);
  expect(revisions(cluster, 'web')['2']?.metadata.name).toBe('web-hash1');
  expect(hashes).toContain('hash0');
});

test('a quota that forbids the surge pod is told by the ReplicaSet and by the Deployment', async () => {
  await start();
  await deploy('1.0', { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } });
  cluster.objects.apply({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'few', namespace: 'shop' },
    spec: { hard: { pods: '2' } },
  });
  setImage('1.1');
  await until(() => reasonOf('ReplicaFailure') === 'FailedCreate');
  expect(condition('ReplicaFailure')?.message).toMatch(
    /^pods "web-\w+-\w+" is forbidden: exceeded quota: few, requested: pods=1, used: pods=2, limited: pods=2$/,
  );
  cluster.objects.delete('resourceQuotas', 'shop', 'few');
  await eventually(() => isRolledOut(cluster, 'web'));
  await until(() => condition('ReplicaFailure') === undefined);
});

test('a deleted Deployment takes its ReplicaSets and pods along', async () => {
  await start();
  await deploy('1.0');
  cluster.objects.delete('deployments', 'shop', 'web');
  await until(() => cluster.objects.list('pods', 'shop').length === 0);
  expect(cluster.objects.list('replicaSets', 'shop')).toEqual([]);
});

test('a Deployment that is created again adopts the ReplicaSets left of the first', async () => {
  await start();
  await deploy('1.0');
  const [left] = Object.values(revisions(cluster, 'web'));
  const { name = '', namespace = '' } = left?.metadata ?? {};
  const client = createApiClient(cluster);
  await client.delete(`/apis/apps/v1/namespaces/shop/deployments/web?propagationPolicy=Orphan`);
  await until(() => cluster.objects.find('deployments', 'shop', 'web') === undefined);
  expect(cluster.objects.get('replicaSets', namespace, name).metadata.ownerReferences).toBeUndefined();
  const again = await deploy('1.0');
  const adopted = cluster.objects.get('replicaSets', namespace, name);
  expect(adopted.metadata).toMatchObject({ uid: left?.metadata.uid, ownerReferences: [{ uid: again.metadata.uid }] });
  client.close();
});
