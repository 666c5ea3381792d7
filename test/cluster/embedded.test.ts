import { afterEach, describe, expect, test } from '@jest/globals';
import { type EmbeddedCluster, startCluster } from '../../sandbox/cluster/embedded-cluster.ts';
import { createClock } from '../../src/clock.ts';
import { createClusterClient } from '../../src/cluster/cluster-client.ts';
import type { Cluster, ObjectList } from '../../src/ports.ts';
import type { Deployment, Pod, ReplicaSet } from '../../src/rollout/objects.ts';
import { isReady } from '../../src/rollout/pods.ts';
import { deploymentManifest, eventually, imageOf, isRolledOut } from '../sandbox/cluster/cluster-fixture.ts';

const web = { kind: 'deployment', namespace: 'shop', name: 'web' } as const;
const pods = { resource: 'pods', namespace: 'shop', labelSelector: 'app=web' } as const;
const replicaSets = { resource: 'revisions', ref: web, labelSelector: 'app=web' } as const;
const deployments = { resource: 'workload', ref: web } as const;
const read = [
  { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'watch'] },
  { apiGroups: ['apps'], resources: ['replicasets'], verbs: ['list', 'watch'] },
  { apiGroups: [''], resources: ['pods'], verbs: ['list', 'watch'] },
];
const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A cluster that runs release 1.0 of `web`, and a client that may do what `rules` say. */
async function start(rules: readonly object[] = read) {
  const embedded = await startCluster({ namespaces: ['shop'] });
  endings.push(embedded.stop);
  embedded.objects.apply(deploymentManifest('web', '1.0'));
  await eventually(() => isRolledOut(embedded, 'web'));
  const metadata = { name: 'ci', namespace: 'shop' };
  const group = 'rbac.authorization.k8s.io';
  embedded.objects.apply({ apiVersion: `${group}/v1`, kind: 'Role', metadata, rules });
  embedded.objects.apply({
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata,
    subjects: [{ kind: 'User', name: 'ci', apiGroup: group }],
    roleRef: { kind: 'Role', name: 'ci', apiGroup: group },
  });
  const token = embedded.tokenFor('ci');
  const warnings: string[] = [];
  const client = createClusterClient({
    access: {
      server: embedded.server,
      tls: { ca: Buffer.from(embedded.caData, 'base64') },
      authorize: async () => ({ Authorization: `Bearer ${token}` }),
    },
    clock: createClock(),
    log: { info: () => undefined, debug: () => undefined, warn: (text) => warnings.push(text) },
    version: '0',
  });
  endings.push(client.close);
  return { embedded, cluster: client.cluster, ledgers: client.ledgers, warnings };
}

function deploy(embedded: EmbeddedCluster, release: string): void {
  embedded.objects.patch('deployments', 'shop', 'web', [
    { op: 'replace', path: '/spec/template/spec/containers/0/image', value: imageOf(release) },
  ]);
}

/** Follows until a set fits; how many sets there were. */
async function until<T extends Deployment | ReplicaSet | Pod>(
  cluster: Cluster,
  following: Parameters<Cluster['follow']>[0],
  fits: (set: readonly T[]) => boolean,
  known?: ObjectList<T>,
): Promise<void> {
  const stop = new AbortController();
  for await (const set of cluster.follow<T>(
    following,
    AbortSignal.any([stop.signal, AbortSignal.timeout(4_000)]),
    known,
  )) {
    if (fits(set)) stop.abort();
  }
  if (!stop.signal.aborted) throw new Error('not seen within 4 s');
}

const runs = (release: string) => (set: readonly Pod[]) =>
  set.length === 2 &&
  set.every((pod) => pod.status?.containerStatuses?.every(({ image }) => image === imageOf(release)));
const isAvailable = ([deployment]: readonly Deployment[]) =>
  deployment?.metadata.generation === deployment?.status?.observedGeneration &&
  deployment?.status?.replicas === 2 &&
  deployment.status.updatedReplicas === 2 &&
  deployment.status.availableReplicas === 2;

describe('on the embedded cluster', () => {
  test.each([
    ['nothing happens', () => undefined],
    ['every watch is closed', (embedded: EmbeddedCluster) => embedded.watches.closeAll()],
    [
      'every watch expires',
      (embedded: EmbeddedCluster) => {
        embedded.compact();
        embedded.watches.expireAll();
      },
    ],
  ])('a rollout is followed to its end when %s on the way', async (_, happen) => {
    const { embedded, cluster } = await start();
    const known = await cluster.listRevisions(web, 'app=web');
    expect(known.items).toHaveLength(1);
    const followed = Promise.all([
      until<Deployment>(cluster, deployments, (set) => isAvailable(set) && set[0]?.metadata.generation === 2),
      until<ReplicaSet>(
        cluster,
        replicaSets,
        (set) => set.filter(({ status }) => status?.availableReplicas).length === 1 && set.length === 2,
        known,
      ),
      until<Pod>(cluster, pods, runs('1.1')),
    ]);
    await eventually(() => (embedded.watches.count() === 3 ? true : undefined));
    deploy(embedded, '1.1');
    await eventually(() => (embedded.objects.list('replicaSets', 'shop').length === 2 ? true : undefined));
    happen(embedded);
    await followed;
  });

  test('it is polled to its end where nothing may be watched', async () => {
    const rules = read.map((rule) => ({ ...rule, verbs: rule.verbs.filter((verb) => verb !== 'watch') }));
    const { embedded, cluster, warnings } = await start(rules);
    const followed = Promise.all([
      until<Deployment>(cluster, deployments, isAvailable),
      until<Pod>(cluster, pods, runs('1.1')),
    ]);
    deploy(embedded, '1.1');
    await followed;
    expect(warnings.toSorted()).toEqual([
      'deployment shop/web: forbidden to watch (user "ci"); add to its Role: apiGroups ["apps"], resources ["deployments"], verbs ["watch"]; reading every 2 s until then',
      'pods in shop: forbidden to watch (user "ci"); add to its Role: apiGroups [""], resources ["pods"], verbs ["watch"]; reading every 2 s until then',
    ]);
  });

  test('a test that fails is a conflict, and what may not be done names the rule', async () => {
    const { cluster, ledgers } = await start([
      ...read,
      { apiGroups: ['apps'], resources: ['deployments'], verbs: ['patch'] },
    ]);
    const replicas = { op: 'replace', path: '/spec/replicas', value: 3 } as const;
    const stale = { op: 'test', path: '/metadata/generation', value: 99 } as const;
    await expect(cluster.patchWorkload(web, [stale, replicas])).rejects.toMatchObject({ kind: 'conflict' });
    await expect(cluster.patchWorkload(web, [{ ...replicas, value: -1 }])).rejects.toMatchObject({
      kind: 'rejected',
    });
    await expect(ledgers.read(web)).rejects.toMatchObject({
      kind: 'forbidden',
      message:
        'configmap shop/rollkey.deployment.web: forbidden to get (user "ci"); add to its Role: apiGroups [""], resources ["configmaps"], verbs ["get"]',
    });
    expect(await cluster.exists('secrets', 'shop', 'db')).toBe('unknown');
  });
});

test('what a crashing pod leaves behind is read with two rights', async () => {
  const traces = [
    { apiGroups: [''], resources: ['events'], verbs: ['list'] },
    { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] },
  ];
  const { embedded, cluster } = await start([...read, ...traces]);
  deploy(embedded, '1.1-crash');
  const podsNow = () => embedded.objects.list('pods', 'shop') as unknown as readonly Pod[];
  const crashed = await eventually(() =>
    podsNow().find((pod) => pod.status?.containerStatuses?.[0]?.lastState?.terminated),
  );
  const { name, uid } = crashed.metadata;
  const events = await cluster.listEvents('shop', [uid]);
  expect(events.map(({ involvedObject, reason }) => `${involvedObject.name} ${reason}`)).toContain(`${name} Started`);
  expect(new Set(events.map(({ involvedObject }) => involvedObject.uid))).toEqual(new Set([uid]));
  const log = { pod: name, container: 'web', previous: true, lines: 25 };
  expect(await cluster.readLog('shop', log)).toEqual(['cannot start 1.1']);
  const healthy = podsNow().find((pod) => pod.metadata.name !== name && isReady(pod));
  expect(await cluster.readLog('shop', { ...log, pod: healthy?.metadata.name ?? '' })).toEqual([]);
  expect(await cluster.readLog('shop', { ...log, pod: 'web-gone' })).toEqual([]);
});

test('requests and watches share one connection', async () => {
  const { embedded, cluster } = await start();
  await Promise.all([
    until<Deployment>(cluster, deployments, (set) => set.length === 1),
    until<ReplicaSet>(cluster, replicaSets, (set) => set.length === 1),
    until<Pod>(cluster, pods, (set) => set.length > 0),
  ]);
  await cluster.getWorkload(web);
  const ours = embedded.requests.filter(({ userAgent }) => userAgent.startsWith('rollkey'));
  expect(ours.map(({ verb }) => verb).sort()).toEqual(expect.arrayContaining(['get', 'list', 'watch']));
  expect(new Set(ours.map(({ connection }) => connection)).size).toBe(1);
});
