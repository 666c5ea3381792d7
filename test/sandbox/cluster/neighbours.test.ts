import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { eventually } from './cluster-fixture.ts';
import { daemonSetManifest, statefulSetManifest } from './set-fixture.ts';

let cluster: EmbeddedCluster;
let api: ApiClient;
beforeAll(async () => {
  cluster = await startCluster({ namespaces: ['shop'] });
  cluster.controllers.pause();
});
afterAll(() => cluster.stop());
beforeEach(() => {
  api = createApiClient(cluster);
});
afterEach(() => api.close());

const metadata = { name: 'web', namespace: 'shop' };
const selector = { matchLabels: { app: 'web' } };
const served = [
  {
    path: '/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers',
    manifest: {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata,
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 9 },
    },
    stored: { minReplicas: 1, maxReplicas: 9 },
    change: { maxReplicas: 5 },
  },
  {
    path: '/apis/policy/v1/namespaces/shop/poddisruptionbudgets',
    manifest: {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: { minAvailable: '50%', selector },
    },
    stored: { minAvailable: '50%', selector },
    change: { minAvailable: 2 },
  },
  {
    path: '/api/v1/namespaces/shop/resourcequotas',
    manifest: { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard: { pods: '4' } } },
    stored: { hard: { pods: '4' } },
    change: { hard: { pods: '5' } },
  },
  {
    path: '/apis/apps/v1/namespaces/shop/statefulsets',
    manifest: statefulSetManifest('web', '1.0'),
    stored: { replicas: 3 },
    change: { replicas: 4 },
  },
  {
    path: '/apis/apps/v1/namespaces/shop/daemonsets',
    manifest: daemonSetManifest('web', '1.0'),
    stored: { revisionHistoryLimit: 10 },
    change: { revisionHistoryLimit: 3 },
  },
];

describe.each(served)('$path', ({ path, manifest, stored, change }) => {
  test('creates, lists, watches, patches, tries and deletes', async () => {
    const watch = api.watch(
      `${path}?watch=true&resourceVersion=${cluster.objects.list('namespaces')[0]?.metadata.resourceVersion}`,
    );
    expect(await api.post(path, manifest)).toMatchObject({ code: 201, body: { spec: stored } });
    expect(await api.get(path)).toMatchObject({
      code: 200,
      body: { kind: `${manifest.kind}List`, items: [{ metadata, spec: stored }] },
    });
    expect(await api.patch(`${path}/web?dryRun=All`, { spec: change })).toMatchObject({
      code: 200,
      body: { spec: change },
    });
    expect((await api.get(`${path}/web`)).body.spec).toMatchObject(stored);
    expect(await api.patch(`${path}/web`, { spec: change })).toMatchObject({ code: 200, body: { spec: change } });
    expect((await api.delete(`${path}/web`)).code).toBe(200);
    expect((await api.get(`${path}/web`)).code).toBe(404);
    await eventually(() => watch.lines.find(({ type }) => type === 'DELETED'));
    watch.close();
    expect(watch.lines.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
  });

  test('is refused to a user without a right to it, in the words of the API server', async () => {
    const nobody = createApiClient(cluster, cluster.tokenFor('nobody'));
    const { code, body } = await nobody.get(path);
    nobody.close();
    const [, group = '', resource = ''] = /\/apis?\/(?:(.+)\/)?v\d\/.*\/(.+)$/.exec(path) ?? [];
    const subject = group === '' ? resource : `${resource}.${group}`;
    const message = `${subject} is forbidden: User "nobody" cannot list resource "${resource}" in API group "${group}" in the namespace "shop"`;
    expect({ code, message: body.message }).toEqual({ code: 403, message });
  });

  test('is told of by discovery', async () => {
    const [root = '', plural] = path.split(/\/namespaces\/shop\//);
    const { body } = await api.get(root);
    expect(body.resources.map(({ name }: { name: string }) => name)).toContain(plural);
  });
});

test.each([
  { path: '/apis/apps/v1/namespaces/shop/statefulsets/sized/scale', code: 200 },
  { path: '/apis/apps/v1/namespaces/shop/daemonsets/sized/scale', code: 404 },
  { path: '/api/v1/namespaces/shop/configmaps/sized/scale', code: 404 },
  { path: '/api/v1/namespaces/shop/configmaps/sized/status', code: 404 },
])('$path answers $code', async ({ path, code }) => {
  cluster.objects.apply(statefulSetManifest('sized', '1.0'));
  cluster.objects.apply(daemonSetManifest('sized', '1.0'));
  cluster.objects.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'sized', namespace: 'shop' } });
  expect((await api.get(path)).code).toBe(code);
});
