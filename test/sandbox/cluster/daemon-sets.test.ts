import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type ClusterOptions, type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import type { DaemonSet } from '../../../sandbox/cluster/model/set-objects.ts';
import type { Pod } from '../../../sandbox/cluster/model/workload-objects.ts';
import { eventually } from './cluster-fixture.ts';
import { daemonSetManifest, isDaemonSetRolledOut, podsOf, releasesByRevision, revisionsOf } from './set-fixture.ts';

const generationKey = 'deprecated.daemonset.template.generation';
let cluster: EmbeddedCluster;
/** A cluster of the first node, which takes every pod, and of two more, which want a toleration. */
const start = async (options: ClusterOptions = {}) => {
  cluster = await startCluster({ namespaces: ['shop'], ...options });
  for (const name of ['second', 'third']) cluster.addNode(name);
};
afterEach(() => cluster.stop());

const everywhere = { tolerations: [{ operator: 'Exists' }] };
const manifest = (release: string, spec: object = {}, pod: object = everywhere) => {
  const { spec: base, ...rest } = daemonSetManifest('agent', release, spec) as ReturnType<typeof daemonSetManifest> & {
    readonly spec: DaemonSet['spec'];
  };
  const { template } = base;
  return { ...rest, spec: { ...base, template: { ...template, spec: { ...template.spec, ...pod } } } };
};
const apply = (release: string, spec?: object, pod?: object) => cluster.objects.apply(manifest(release, spec, pod));
const rolledOut = () => eventually(() => isDaemonSetRolledOut(cluster, 'agent'));
const deploy = async (release: string, spec?: object, pod?: object) => {
  apply(release, spec, pod);
  return rolledOut();
};
const set = () => cluster.objects.get<DaemonSet>('daemonSets', 'shop', 'agent');
const until = (holds: () => boolean) => eventually(() => (holds() ? true : undefined));
const rolling = (maxSurge: number | string, maxUnavailable: number | string) => ({
  updateStrategy: { rollingUpdate: { maxSurge, maxUnavailable } },
});
const releaseOf = ({ spec }: Pod) => spec.containers[0]?.image.split(':')[1] ?? '';
/** The releases on each node, those of pods that are about to end left out. */
const releases = (): Record<string, readonly string[]> => {
  const alive = podsOf(cluster, 'agent').filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const nodes = [...new Set(alive.map(({ spec }) => spec.nodeName ?? '?'))].sort();
  return Object.fromEntries(
    nodes.map((node) => [
      node,
      alive
        .filter(({ spec }) => (spec.nodeName ?? '?') === node)
        .map(releaseOf)
        .sort(),
    ]),
  );
};
const isAvailable = ({ metadata, status }: Pod) =>
  metadata.deletionTimestamp === undefined &&
  status.conditions?.some(({ type, status: holds }) => type === 'Ready' && holds === 'True');
/** The fewest available pods, and the most at once that are not about to end, while something goes on. */
const extremesOf = async (act: () => Promise<unknown>) => {
  let [fewest, most] = [Number.POSITIVE_INFINITY, 0];
  const watching = setInterval(() => {
    const pods = podsOf(cluster, 'agent').filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    fewest = Math.min(fewest, pods.filter(isAvailable).length);
    most = Math.max(most, pods.length);
  }, 0);
  await act().finally(() => clearInterval(watching));
  return { fewest, most };
};

describe('a DaemonSet', () => {
  test('has one pod on each node that it tolerates, bound to it by its affinity', async () => {
    await start();
    const { status } = await deploy('1.0');
    expect(releases()).toEqual({ sandbox: ['1.0'], second: ['1.0'], third: ['1.0'] });
    expect(status).toEqual({
      observedGeneration: 1,
      currentNumberScheduled: 3,
      desiredNumberScheduled: 3,
      numberMisscheduled: 0,
      numberReady: 3,
      updatedNumberScheduled: 3,
      numberAvailable: 3,
    });
    const [revision] = revisionsOf(cluster, 'agent');
    const hash = revision?.metadata.labels?.['controller-revision-hash'];
    const [pod] = podsOf(cluster, 'agent');
    expect(pod).toMatchObject({
      metadata: {
        name: expect.stringMatching(/^agent-[a-z0-9]{5}$/),
        labels: { app: 'agent', 'controller-revision-hash': hash, 'pod-template-generation': '1' },
        ownerReferences: [{ kind: 'DaemonSet', uid: set().metadata.uid, controller: true }],
      },
      spec: { tolerations: expect.arrayContaining([expect.objectContaining({ key: 'node.kubernetes.io/not-ready' })]) },
    });
    expect(revision?.metadata.name).toBe(`agent-${hash}`);
  });

  test.each([
    { pod: {}, nodes: ['sandbox'] },
    { pod: { tolerations: [{ key: 'rollkey.test/node', value: 'second' }] }, nodes: ['sandbox', 'second'] },
    { pod: { ...everywhere, nodeSelector: { 'kubernetes.io/hostname': 'third' } }, nodes: ['third'] },
  ])('with $pod runs on $nodes', async ({ pod, nodes }) => {
    await start();
    const { status } = await deploy('1.0', {}, pod);
    expect(Object.keys(releases())).toEqual(nodes);
    expect(status.desiredNumberScheduled).toBe(nodes.length);
  });

  test('gets a pod onto a node that comes, and off one it no longer selects', async () => {
    await start();
    await deploy('1.0');
    cluster.addNode('fourth');
    await until(() => set().status.numberAvailable === 4);
    await deploy('1.0', {}, { ...everywhere, nodeSelector: { 'kubernetes.io/hostname': 'fourth' } });
    await until(() => Object.keys(releases()).join() === 'fourth');
  });

  test('stays on a node that is cordoned', async () => {
    await start();
    cluster.objects.patch('nodes', '', 'second', { spec: { unschedulable: true } });
    await deploy('1.0', {}, { tolerations: [{ key: 'rollkey.test/node', operator: 'Exists' }] });
    expect(Object.keys(releases())).toEqual(['sandbox', 'second', 'third']);
  });

  test('takes its revisions and its pods along when it is deleted', async () => {
    await start();
    await deploy('1.0');
    cluster.objects.delete('daemonSets', 'shop', 'agent');
    await until(() => podsOf(cluster, 'agent').length === 0);
    expect(cluster.objects.list('controllerRevisions', 'shop')).toEqual([]);
  });
});

describe('a rolling update of three nodes', () => {
  test.each([
    { maxSurge: 0, maxUnavailable: 1, fewest: 2, most: 3 },
    { maxSurge: 0, maxUnavailable: 2, fewest: 1, most: 3 },
    { maxSurge: 0, maxUnavailable: '34%', fewest: 1, most: 3 },
    { maxSurge: 1, maxUnavailable: 0, fewest: 3, most: 4 },
    { maxSurge: '100%', maxUnavailable: 0, fewest: 3, most: 6 },
  ])('with surge $maxSurge, unavailable $maxUnavailable has at least $fewest and at most $most pods', async (given) => {
    await start();
    const spec = rolling(given.maxSurge, given.maxUnavailable);
    await deploy('1.0', spec);
    const { fewest, most } = await extremesOf(async () => {
      await deploy('1.1', spec);
      await until(() => podsOf(cluster, 'agent').length === 3);
    });
    expect(releases()).toEqual({ sandbox: ['1.1'], second: ['1.1'], third: ['1.1'] });
    expect(fewest).toBeGreaterThanOrEqual(given.fewest);
    expect(most).toBeLessThanOrEqual(given.most);
  });

  test('stops at one bad pod and leaves it as soon as the template is back', async () => {
    await start();
    await deploy('1.0');
    apply('1.1-crash');
    await until(() => set().status.updatedNumberScheduled === 1);
    await sleep(50);
    expect(Object.values(releases()).flat().sort()).toEqual(['1.0', '1.0', '1.1-crash']);
    expect(set().status).toMatchObject({ numberAvailable: 2, numberUnavailable: 1, updatedNumberScheduled: 1 });
    await deploy('1.0');
    expect(Object.values(releases()).flat()).toEqual(['1.0', '1.0', '1.0']);
  });

  test('with a surge leaves the old pod beside the bad one', async () => {
    await start();
    await deploy('1.0', rolling(1, 0));
    apply('1.1-unready', rolling(1, 0));
    await until(() => podsOf(cluster, 'agent').length === 4);
    await sleep(50);
    expect(Object.values(releases()).flat().sort()).toEqual(['1.0', '1.0', '1.0', '1.1-unready']);
    expect(podsOf(cluster, 'agent').filter(isAvailable)).toHaveLength(3);
    expect(set().status.currentNumberScheduled).toBe(3);
    await deploy('1.0', rolling(1, 0));
    await until(() => podsOf(cluster, 'agent').length === 3);
  });

  test('OnDelete waits until somebody deletes a pod', async () => {
    await start();
    const strategy = { updateStrategy: { type: 'OnDelete' } };
    await deploy('1.0', strategy);
    apply('1.1', strategy);
    await until(() => set().status.observedGeneration === 2);
    await sleep(30);
    expect(Object.values(releases()).flat()).toEqual(['1.0', '1.0', '1.0']);
    const second = podsOf(cluster, 'agent').find(({ spec }) => spec.nodeName === 'second')?.metadata.name ?? '';
    cluster.objects.delete('pods', 'shop', second);
    await until(() => releases()['second']?.join() === '1.1');
    expect(releases()).toEqual({ sandbox: ['1.0'], second: ['1.1'], third: ['1.0'] });
  });

  test('counts a pod as available after minReadySeconds', async () => {
    await start({ timeScale: 20 });
    await deploy('1.0', { minReadySeconds: 4 });
    const ready = podsOf(cluster, 'agent').map(({ status }) =>
      Date.parse(status.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? ''),
    );
    expect(cluster.clock.now() - Math.max(...ready)).toBeGreaterThanOrEqual(4000);
  });
});

describe('the history', () => {
  test('renumbers a revision that is taken up again; its template generation goes on', async () => {
    await start();
    for (const release of ['1.0', '1.1', '1.0']) await deploy(release);
    expect(releasesByRevision(cluster, 'agent')).toEqual({ 2: '1.1', 3: '1.0' });
    expect(set().metadata).toMatchObject({ generation: 3, annotations: { [generationKey]: '3' } });
    const [reused] = revisionsOf(cluster, 'agent').filter(({ revision }) => revision === 3);
    expect(reused?.metadata.annotations).toEqual({ 'kubernetes.io/change-cause': '1.0', [generationKey]: '1' });
  });

  test('counts templates itself, whatever a client writes', async () => {
    await start();
    await deploy('1.0');
    cluster.objects.patch('daemonSets', 'shop', 'agent', { metadata: { annotations: { [generationKey]: '7' } } });
    expect(set().metadata).toMatchObject({ generation: 1, annotations: { [generationKey]: '1' } });
  });

  test.each([
    { limit: 0, kept: ['4'] },
    { limit: 1, kept: ['3', '4'] },
    { limit: 10, kept: ['1', '2', '3', '4'] },
  ])('of limit $limit keeps $kept of four', async ({ limit, kept }) => {
    await start();
    for (const release of ['1', '2', '3', '4']) await deploy(release, { revisionHistoryLimit: limit });
    await until(() => revisionsOf(cluster, 'agent').length === kept.length);
    expect(Object.keys(releasesByRevision(cluster, 'agent'))).toEqual(kept);
  });

  test('gets round a name that another template has taken', async () => {
    await start({ templateHash: (_, collisions) => `same${collisions}` });
    await deploy('1.0');
    const { status } = await deploy('1.1');
    expect(releasesByRevision(cluster, 'agent')).toEqual({ 1: '1.0', 2: '1.1' });
    expect(status.collisionCount).toBe(1);
  });
});
