import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import type { KubeObject } from '../../../sandbox/cluster/model/kubernetes-objects.ts';
import type { ReplicaSet } from '../../../sandbox/cluster/model/workload-objects.ts';
import { deploymentManifest, eventually, imageOf, isRolledOut } from './cluster-fixture.ts';

let cluster: EmbeddedCluster;
beforeEach(async () => {
  cluster = await startCluster({ namespaces: ['shop'] });
});
afterEach(() => cluster.stop());

const apply = (hard: object) =>
  cluster.objects.apply({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'team', namespace: 'shop' },
    spec: { hard },
  });
const status = () =>
  cluster.objects.get<KubeObject & { readonly status: { readonly used?: object } }>('resourceQuotas', 'shop', 'team')
    .status;
const deploy = (replicas: number, resources: object) =>
  cluster.objects.apply(
    deploymentManifest('web', '1.0', {
      replicas,
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: imageOf('1.0'), resources }] },
      },
    }),
  );
const refusal = () =>
  eventually(
    () =>
      cluster.objects
        .list<ReplicaSet>('replicaSets', 'shop')[0]
        ?.status.conditions?.find(({ type }) => type === 'ReplicaFailure')?.message,
  );

test('tells what is allowed and what is taken, as pods come and go', async () => {
  const hard = { pods: '4', 'requests.cpu': '1', 'limits.memory': '1Gi', cpu: 2 };
  apply(hard);
  await eventually(() => status().used);
  expect(status()).toEqual({
    hard: { ...hard, cpu: '2' },
    used: { pods: '0', 'requests.cpu': '0', 'limits.memory': '0', cpu: '0' },
  });
  deploy(2, { requests: { cpu: '100m' }, limits: { memory: '128Mi' } });
  await eventually(() => isRolledOut(cluster, 'web'));
  const taken = { pods: '2', 'requests.cpu': '200m', 'limits.memory': '256Mi', cpu: '200m' };
  await eventually(() => (JSON.stringify(status().used) === JSON.stringify(taken) ? true : undefined));
  cluster.objects.delete('deployments', 'shop', 'web');
  const none = { pods: '0', 'requests.cpu': '0', 'limits.memory': '0', cpu: '0' };
  await eventually(() => (JSON.stringify(status().used) === JSON.stringify(none) ? true : undefined));
});

test.each([
  [
    { 'requests.memory': '300Mi' },
    { requests: { memory: '128Mi' } },
    /exceeded quota: team, requested: requests\.memory=128Mi, used: requests\.memory=256Mi, limited: requests\.memory=300Mi$/,
  ],
  [
    { 'requests.cpu': '250m', pods: '9' },
    { limits: { cpu: '0.1' } },
    /exceeded quota: team, requested: requests\.cpu=100m, used: requests\.cpu=200m, limited: requests\.cpu=250m$/,
  ],
  [
    { 'limits.cpu': '1', 'requests.cpu': '1' },
    {},
    /failed quota: team: must specify limits\.cpu for: web; requests\.cpu for: web$/,
  ],
])('%j refuses pods of %j', async (hard, resources, message) => {
  apply(hard);
  deploy(3, resources);
  expect(await refusal()).toMatch(message);
});
