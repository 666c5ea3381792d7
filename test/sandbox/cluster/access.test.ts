import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { deploymentManifest } from './cluster-fixture.ts';

const deployments = '/apis/apps/v1/namespaces/shop/deployments';
const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/shop';

let cluster: EmbeddedCluster;
let admin: ApiClient;
const opened: ApiClient[] = [];

beforeAll(async () => {
  cluster = await startCluster({ namespaces: ['shop', 'other'] });
  admin = createApiClient(cluster);
  for (const name of ['web', 'api']) await admin.post(deployments, deploymentManifest(name, '1.0'));
});
afterAll(async () => {
  for (const client of [admin, ...opened]) client.close();
  await cluster.stop();
});

const clientOf = (token: string): ApiClient => {
  const client = createApiClient(cluster, token);
  opened.push(client);
  return client;
};
const allow = async (user: string, rules: readonly object[]): Promise<ApiClient> => {
  await admin.post(`${rbac}/roles`, { metadata: { name: user }, rules });
  await admin.post(`${rbac}/rolebindings`, {
    metadata: { name: user },
    subjects: [{ kind: 'User', name: user, apiGroup: 'rbac.authorization.k8s.io' }],
    roleRef: { kind: 'Role', name: user, apiGroup: 'rbac.authorization.k8s.io' },
  });
  return clientOf(cluster.tokenFor(user));
};
const apps = (resources: string[], verbs: string[], resourceNames?: string[]) => ({
  apiGroups: ['apps'],
  resources,
  verbs,
  ...(resourceNames === undefined ? {} : { resourceNames }),
});

test('an unknown token and one that was revoked answer 401', async () => {
  const token = cluster.tokenFor('late', ['system:masters']);
  const late = clientOf(token);
  expect((await late.get(deployments)).code).toBe(200);
  cluster.revokeToken(token);
  for (const client of [late, clientOf('no-such-token')])
    expect(await client.get(deployments)).toMatchObject({
      code: 401,
      body: { reason: 'Unauthorized', message: 'Unauthorized' },
    });
});

describe('without a rule, 403 says who may not do what', () => {
  test.each([
    [
      'get',
      `${deployments}/web`,
      'deployments.apps "web" is forbidden: User "nobody" cannot get resource "deployments" in API group "apps" in the namespace "shop"',
    ],
    [
      'get',
      deployments,
      'deployments.apps is forbidden: User "nobody" cannot list resource "deployments" in API group "apps" in the namespace "shop"',
    ],
    [
      'get',
      `${deployments}/web/scale`,
      'deployments.apps "web" is forbidden: User "nobody" cannot get resource "deployments/scale" in API group "apps" in the namespace "shop"',
    ],
    [
      'patch',
      `${deployments}/web`,
      'deployments.apps "web" is forbidden: User "nobody" cannot patch resource "deployments" in API group "apps" in the namespace "shop"',
    ],
    [
      'get',
      '/api/v1/namespaces/shop/configmaps/x',
      'configmaps "x" is forbidden: User "nobody" cannot get resource "configmaps" in API group "" in the namespace "shop"',
    ],
    [
      'get',
      '/apis/apps/v1/deployments',
      'deployments.apps is forbidden: User "nobody" cannot list resource "deployments" in API group "apps" at the cluster scope',
    ],
  ] as const)('%s %s', async (method, path, message) => {
    const nobody = clientOf(cluster.tokenFor('nobody'));
    const { code, body } = method === 'get' ? await nobody.get(path) : await nobody.patch(path, {});
    expect({ code, message: body.message }).toEqual({ code: 403, message });
  });
});

describe('a Role allows', () => {
  test('its verbs on its resources in its namespace, and nothing else', async () => {
    const reader = await allow('reader', [apps(['deployments'], ['get', 'list'])]);
    expect((await reader.get(deployments)).code).toBe(200);
    expect((await reader.get(`${deployments}/web`)).code).toBe(200);
    expect((await reader.patch(`${deployments}/web`, {})).code).toBe(403);
    expect((await reader.get(`${deployments}/web/scale`)).code).toBe(403);
    expect((await reader.get('/apis/apps/v1/namespaces/other/deployments')).code).toBe(403);
  });

  test('the named objects, in a list or watch only by their name', async () => {
    const one = await allow('one', [apps(['deployments'], ['get', 'list', 'watch', 'patch'], ['web'])]);
    expect((await one.get(`${deployments}/web`)).code).toBe(200);
    expect((await one.get(`${deployments}/api`)).code).toBe(403);
    expect((await one.get(deployments)).code).toBe(403);
    expect((await one.get(`${deployments}?fieldSelector=metadata.name=web`)).code).toBe(200);
  });

  test('what every user may ask about itself', async () => {
    const asker = await allow('asker', [apps(['deployments'], ['get'])]);
    const rules = await asker.post('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
      spec: { namespace: 'shop' },
    });
    expect(rules).toMatchObject({ code: 201, body: { status: { incomplete: false } } });
    expect(rules.body.status.resourceRules).toContainEqual(apps(['deployments'], ['get']));
    const mayPatch = async (verb: string) => {
      const resourceAttributes = { namespace: 'shop', group: 'apps', resource: 'deployments', verb };
      const { body } = await asker.post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        spec: { resourceAttributes },
      });
      return body.status.allowed;
    };
    expect([await mayPatch('get'), await mayPatch('patch')]).toEqual([true, false]);
  });
});
