import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import type { Deployment, ReplicaSet } from '../../../sandbox/cluster/model/workload-objects.ts';
import { createApiClient } from './api-client.ts';
import { deploymentManifest, eventually, imageOf, isRolledOut, revisions } from './cluster-fixture.ts';

const causeKey = 'kubernetes.io/change-cause';
const historyKey = 'deployment.kubernetes.io/revision-history';

let cluster: EmbeddedCluster;
let name: string;
let count = 0;

beforeAll(async () => {
  cluster = await startCluster({ namespaces: ['shop'] });
});
afterAll(() => cluster.stop());

beforeEach(async () => {
  count += 1;
  name = `web${count}`;
  cluster.objects.apply(deploymentManifest(name, '1.0'));
  await rolledOut();
});

const rolledOut = () => eventually(() => isRolledOut(cluster, name));
const annotate = (cause: string) =>
  cluster.objects.patch('deployments', 'shop', name, { metadata: { annotations: { [causeKey]: cause } } });
const setImage = (release: string) =>
  cluster.objects.patch('deployments', 'shop', name, [
    { op: 'replace', path: '/spec/template/spec/containers/0/image', value: imageOf(release) },
  ]);
const setBoth = async (release: string): Promise<void> => {
  cluster.objects.patch('deployments', 'shop', name, {
    metadata: { annotations: { [causeKey]: release } },
    spec: { template: { spec: { containers: [{ name: 'web', image: imageOf(release) }] } } },
  });
  await rolledOut();
};
const deployment = () => cluster.objects.get<Deployment>('deployments', 'shop', name);
const isObserved = () => deployment().status.observedGeneration === deployment().metadata.generation;
const causes = () =>
  Object.fromEntries(
    Object.entries(revisions(cluster, name)).map(([revision, set]) => [revision, set.metadata.annotations?.[causeKey]]),
  );
const templateOf = (set: ReplicaSet | undefined) => {
  if (set === undefined) throw new Error('no such revision');
  const { 'pod-template-hash': _, ...labels } = set.spec.template.metadata?.labels ?? {};
  return { ...set.spec.template, metadata: { ...set.spec.template.metadata, labels } };
};

/** The cases of change-cause that a tool must know of, as the controller makes them. */
describe('annotations travel from the Deployment to its ReplicaSets', () => {
  test('annotating first and changing the image after relabels the old revision', async () => {
    annotate('1.1');
    await eventually(() => (causes()['1'] === '1.1' ? true : undefined));
    setImage('1.1');
    await rolledOut();
    expect(causes()).toEqual({ 1: '1.1', 2: '1.1' });
  });

  test('changing the image first makes a revision under the former cause, until it is annotated', async () => {
    setImage('1.1');
    await rolledOut();
    expect(causes()).toEqual({ 1: '1.0', 2: '1.0' });
    annotate('1.1');
    await eventually(() => (causes()['2'] === '1.1' ? true : undefined));
    expect(causes()).toEqual({ 1: '1.0', 2: '1.1' });
  });

  test('an image set by hand inherits the cause: one release, several revisions', async () => {
    await setBoth('1.1');
    setImage('1.1.1');
    await rolledOut();
    expect(causes()).toEqual({ 1: '1.0', 2: '1.1', 3: '1.1' });
  });

  test('a release with the same template renames the revision and rolls nothing', async () => {
    await setBoth('1.1');
    const before = revisions(cluster, name)['2'];
    annotate('2.0');
    await eventually(() => (causes()['2'] === '2.0' ? true : undefined));
    expect(revisions(cluster, name)['2']?.metadata.uid).toBe(before?.metadata.uid);
    expect(causes()).toEqual({ 1: '1.0', 2: '2.0' });
  });

  test('going back to a template renumbers its ReplicaSet and notes the former revision', async () => {
    const first = revisions(cluster, name)['1'];
    await setBoth('1.1');
    await setBoth('1.0');
    const third = revisions(cluster, name)['3'];
    expect(third?.metadata.uid).toBe(first?.metadata.uid);
    expect(third?.metadata.annotations?.[historyKey]).toBe('1');
    expect(causes()).toEqual({ 2: '1.1', 3: '1.0' });
    await setBoth('1.1');
    await setBoth('1.0');
    expect(revisions(cluster, name)['5']?.metadata.annotations?.[historyKey]).toBe('1,3');
  });

  test('going back without restoring the cause gives the good bits the bad name', async () => {
    await setBoth('1.1');
    cluster.objects.patch('deployments', 'shop', name, [
      { op: 'replace', path: '/spec/template', value: templateOf(revisions(cluster, name)['1']) },
    ]);
    await rolledOut();
    expect(causes()).toEqual({ 2: '1.1', 3: '1.1' });
  });

  test('an annotation taken from the Deployment stays on the ReplicaSet', async () => {
    cluster.objects.patch('deployments', 'shop', name, { metadata: { annotations: { note: 'kept' } } });
    await eventually(() => (revisions(cluster, name)['1']?.metadata.annotations?.['note'] ? true : undefined));
    cluster.objects.patch('deployments', 'shop', name, { metadata: { annotations: { note: null } } });
    await rolledOut();
    expect(deployment().metadata.annotations).not.toHaveProperty('note');
    expect(revisions(cluster, name)['1']?.metadata.annotations).toHaveProperty('note', 'kept');
  });

  test.each([
    'kubectl.kubernetes.io/last-applied-configuration',
    'deployment.kubernetes.io/revision-history',
    'deprecated.deployment.rollback.to',
  ])('%s is never copied', async (key) => {
    cluster.objects.patch('deployments', 'shop', name, { metadata: { annotations: { [key]: 'x', copied: 'yes' } } });
    await eventually(() => (revisions(cluster, name)['1']?.metadata.annotations?.['copied'] ? true : undefined));
    expect(revisions(cluster, name)['1']?.metadata.annotations?.[key]).toBeUndefined();
  });

  test('an annotation alone raises the generation and is observed, without a new revision', async () => {
    const { generation = 0 } = deployment().metadata;
    annotate('renamed');
    await rolledOut();
    expect(deployment().metadata.generation).toBe(generation + 1);
    expect(Object.keys(revisions(cluster, name))).toEqual(['1']);
  });

  test('while paused the generation is observed before the own revision follows the ReplicaSet', async () => {
    await setBoth('1.1');
    cluster.objects.patch('deployments', 'shop', name, { spec: { paused: true } });
    await eventually(() => (isObserved() ? true : undefined));
    const client = createApiClient(cluster);
    const { generation = 0, resourceVersion } = deployment().metadata;
    const query = `watch=true&resourceVersion=${resourceVersion}&fieldSelector=metadata.name=${name}`;
    const watch = client.watch(`/apis/apps/v1/namespaces/shop/deployments?${query}`);
    setImage('1.0');
    const revisionOf = ({ metadata }: Deployment) => metadata.annotations?.['deployment.kubernetes.io/revision'];
    await eventually(() => (watch.lines.some(({ object }) => revisionOf(object) === '3') ? true : undefined));
    const observed = watch.lines.filter(({ object }) => object.status.observedGeneration === generation + 1);
    // Pods come and go meanwhile, which changes the counts.
    expect([...new Set(observed.map(({ object }) => revisionOf(object)))]).toEqual(['2', '3']);
    watch.close();
    client.close();
  });
});
