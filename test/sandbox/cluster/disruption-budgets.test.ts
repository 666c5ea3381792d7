import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import type { DisruptionBudget } from '../../../sandbox/cluster/model/disruption-budget.ts';
import { createApiClient } from './api-client.ts';
import { deploymentManifest, eventually, isRolledOut } from './cluster-fixture.ts';
import { isStatefulSetRolledOut, podsOf, statefulSetManifest } from './set-fixture.ts';

let cluster: EmbeddedCluster;
beforeEach(async () => {
  cluster = await startCluster({ namespaces: ['shop'] });
});
afterEach(() => cluster.stop());

const apply = (spec: object, name = 'web') =>
  cluster.objects.apply({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: 'shop' },
    spec: { selector: { matchLabels: { app: 'web' } }, ...spec },
  });
const counts = () => {
  const { status } = cluster.objects.get<DisruptionBudget>('disruptionBudgets', 'shop', 'web');
  return [status.expectedPods, status.desiredHealthy, status.currentHealthy, status.disruptionsAllowed].join();
};
const until = (wanted: string) => eventually(() => (counts() === wanted ? true : undefined));

test.each([
  { spec: { minAvailable: 2 }, wanted: '4,2,4,2' },
  { spec: { minAvailable: '80%' }, wanted: '4,4,4,0' },
  { spec: { maxUnavailable: 1 }, wanted: '4,3,4,1' },
  { spec: { maxUnavailable: '30%' }, wanted: '4,2,4,2' },
  { spec: { maxUnavailable: 9 }, wanted: '4,0,4,4' },
])('$spec of four pods expects, wants, has and allows $wanted', async ({ spec, wanted }) => {
  cluster.objects.apply(deploymentManifest('web', '1.0', { replicas: 4 }));
  await eventually(() => isRolledOut(cluster, 'web'));
  apply(spec);
  await until(wanted);
});

test("goes by a StatefulSet's size, and by none where there are no pods", async () => {
  apply({ maxUnavailable: 1 });
  await until('0,0,0,0');
  cluster.objects.apply(statefulSetManifest('web', '1.0'));
  await eventually(() => isStatefulSetRolledOut(cluster, 'web'));
  await until('3,2,3,1');
});

test('an eviction takes one pod, and is refused as long as another is missing', async () => {
  cluster.objects.apply(deploymentManifest('web', '1.0', { replicas: 2 }));
  await eventually(() => isRolledOut(cluster, 'web'));
  apply({ minAvailable: 1 });
  await until('2,1,2,1');
  cluster.controllers.pause();
  const api = createApiClient(cluster);
  const evict = (name = '') => api.post(`/api/v1/namespaces/shop/pods/${name}/eviction`, { kind: 'Eviction' });
  const [first, second] = podsOf(cluster, 'web').map(({ metadata }) => metadata.name);
  expect((await evict(first)).code).toBe(201);
  cluster.objects.patch('disruptionBudgets', 'shop', 'web', { spec: { minAvailable: 2 } });
  const { code, body } = await evict(second);
  expect({ code, reason: body.reason, message: body.message, causes: body.details.causes }).toEqual({
    code: 429,
    reason: 'TooManyRequests',
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    causes: [
      { reason: 'DisruptionBudget', message: 'The disruption budget web is still being processed by the server.' },
    ],
  });
  cluster.controllers.resume();
  await until('2,2,2,0');
  expect((await evict(podsOf(cluster, 'web').at(-1)?.metadata.name)).body.details.causes).toEqual([
    { reason: 'DisruptionBudget', message: 'The disruption budget web needs 2 healthy pods and has 2 currently' },
  ]);
  apply({ maxUnavailable: 2 }, 'second');
  expect((await evict(podsOf(cluster, 'web').at(-1)?.metadata.name)).code).toBe(500);
  api.close();
});

test('a budget has one limit, not two', () => {
  expect(() => apply({ minAvailable: 1, maxUnavailable: 1 })).toThrow(
    /spec: Invalid value: .*: minAvailable and maxUnavailable cannot be both set$/,
  );
});
