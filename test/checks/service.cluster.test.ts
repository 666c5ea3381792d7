import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiClient, createApiClient } from '../../sandbox/desk/api-client.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { webDeployment, webService } from '../../sandbox/desk/web-workload.ts';
import { type Access, createConnection } from '../../src/cluster/connection.ts';
import { createServiceProxy } from '../../src/cluster/service-proxy.ts';
import { openClusterUnderTest } from '../stories/cluster-under-test.ts';
import { lookOf } from './sample.ts';

const cluster = await openClusterUnderTest();
const namespace = `checks-${process.pid}`;
const endings: (() => unknown)[] = [];
let admin: ApiClient;

beforeAll(async () => {
  admin = createApiClient(cluster.admin);
  await admin.json({
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  });
  await create('/api/v1', 'serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'ci' } });
  await create('/api/v1', 'services', webService('web'));
  await create('/apis/apps/v1', 'deployments', webDeployment({ name: 'web', image: webImage('1.0'), replicas: 1 }));
}, 300_000);
afterAll(async () => {
  for (const end of endings) await end();
  await admin.send({ method: 'DELETE', path: `/api/v1/namespaces/${namespace}` });
  admin.close();
  await cluster.stop();
});

function create(group: string, resource: string, body: object): Promise<unknown> {
  return admin.json({ method: 'POST', path: `${group}/namespaces/${namespace}/${resource}`, body });
}

function connectAs(token?: string) {
  const { server, ca, credentials } = cluster.admin;
  const bearer = token ?? ('token' in credentials ? credentials.token : '');
  const identity = 'cert' in credentials && token === undefined ? credentials : {};
  const access: Access = {
    server,
    tls: { ca, ...identity },
    authorize: async (): Promise<Record<string, string>> =>
      bearer === '' ? {} : { authorization: `Bearer ${bearer}` },
  };
  const transport = createConnection(access);
  endings.push(transport.close);
  return { access, transport };
}

/** The proxy as somebody; by itself as the cluster's owner. */
function proxyAs(token?: string) {
  return createServiceProxy({ ...connectAs(token), version: '0' });
}

async function send(path: string) {
  const { access, transport } = connectAs();
  return transport.send({
    method: 'GET',
    path,
    headers: await access.authorize(),
    signal: AbortSignal.timeout(10_000),
  });
}

function look(service: unknown, serviceProxy = proxyAs()) {
  return lookOf({ service, timeout: '10s' }, { serviceProxy, namespace });
}

/** Looks until the answer is this, and `says` what it should: pods that are leaving fail in other words. */
async function until(state: string, service: unknown, says = /(?:)/) {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const answer = await look(service);
    if ((answer.state === state && says.test(answer.message)) || Date.now() > deadline) return answer;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

test('a Service whose pods answer passes', async () => {
  expect(await until('pass', 'web:80/')).toEqual({ state: 'pass', message: 'answers 200' });
  expect(await look({ name: 'web', port: 80, contains: '1.0' })).toMatchObject({ state: 'pass' });
  expect(await look({ name: 'web', port: 80, contains: '1.1' })).toMatchObject({ state: 'fail' });
}, 180_000);

test('what the pods answer is theirs', async () => {
  expect(await look('web:80/no-such-page')).toMatchObject({
    state: 'fail',
    message: expect.stringMatching(/^answers 404/),
  });
});

test('every answer bears an Audit-ID, whoever gives it', async () => {
  const proxied = `/api/v1/namespaces/${namespace}/services/web:80/proxy`;
  for (const path of [`${proxied}/`, `${proxied}/no-such-page`, '/version', '/no-such-path']) {
    const { body, headers } = await send(path);
    body.resume();
    expect([path, headers['audit-id']]).toEqual([path, expect.stringMatching(/^[\w-]{36}$/)]);
  }
});

test('what does not exist is an error', async () => {
  expect(await look('web:81')).toEqual({
    state: 'error',
    message: expect.stringMatching(/no service port .*81.* found for service .*; check the port$/),
  });
  expect(await look('nothing:80')).toEqual({
    state: 'error',
    message: `service ${namespace}/nothing: not found; check its name and namespace`,
  });
});

test('the missing rule is named, and enough', async () => {
  const token = await cluster.tokenFor(namespace, 'ci');
  expect(await look('web:80', proxyAs(token))).toEqual({
    state: 'error',
    message: expect.stringContaining('add to its Role: apiGroups [""], resources ["services/proxy"], verbs ["get"]'),
  });
  const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'ci' } };
  const rules = [{ apiGroups: [''], resources: ['services/proxy'], resourceNames: ['web:80'], verbs: ['get'] }];
  const path = '/apis/rbac.authorization.k8s.io/v1';
  await create(path, 'roles', { ...rbac, kind: 'Role', rules });
  await create(path, 'rolebindings', {
    ...{ ...rbac, kind: 'RoleBinding', roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'ci' } },
    subjects: [{ kind: 'ServiceAccount', name: 'ci', namespace }],
  });
  const deadline = Date.now() + 60_000;
  let answer = await look('web:80', proxyAs(token));
  while (answer.state !== 'pass' && Date.now() < deadline) answer = await look('web:80', proxyAs(token));
  expect(answer).toEqual({ state: 'pass', message: 'answers 200' });
  expect(await look('web:80/', proxyAs('nobody'))).toMatchObject({ state: 'error' });
}, 120_000);

test('pods that do not listen are a failure, and so are none', async () => {
  const port = { name: 'odd', port: 90, targetPort: 9_999 };
  const spec = { selector: { app: 'web' }, ports: [port] };
  await create('/api/v1', 'services', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'deaf' }, spec });
  const deaf = /^(error trying to reach service: .*connection refused|no endpoints available)/;
  expect(await until('fail', 'deaf:90', deaf)).toEqual({ state: 'fail', message: expect.stringMatching(deaf) });
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments/web`;
  await admin.json({
    method: 'PATCH',
    path,
    contentType: 'application/merge-patch+json',
    body: { spec: { replicas: 0 } },
  });
  const none = /^no endpoints available for service/;
  expect(await until('fail', 'web:80', none)).toEqual({ state: 'fail', message: expect.stringMatching(none) });
}, 300_000);
