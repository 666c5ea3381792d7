import { afterEach, describe, expect, test } from '@jest/globals';
import { startCluster } from '../../sandbox/cluster/embedded-cluster.ts';
import { createConnection } from '../../src/cluster/connection.ts';
import { createServiceProxy } from '../../src/cluster/service-proxy.ts';
import { ClusterError } from '../../src/errors.ts';
import { deploymentManifest, eventually, isRolledOut } from '../sandbox/cluster/cluster-fixture.ts';
import { type Answer, json, type Response, startApiServer, status } from './api-server.ts';

const endings: (() => unknown)[] = [];
const WEB = { namespace: 'shop', service: 'web', port: '80', scheme: 'http', path: '/' } as const;
const signal = new AbortController().signal;

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function serve(answer: Answer, protocol: 'h2' | 'http/1.1' = 'h2') {
  const server = await startApiServer(answer, protocol);
  const transport = createConnection(server.access);
  endings.push(server.close, transport.close);
  const proxy = createServiceProxy({ access: server.access, transport, version: '1.2.3', pingTimeout: 200 });
  return { server, proxy };
}

function text(response: Response, code: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(code, headers);
  response.end(body);
}

async function thrownBy(promise: Promise<unknown>): Promise<Pick<ClusterError, 'kind' | 'message'>> {
  const error = await promise.catch((thrown: unknown) => thrown);
  if (error instanceof ClusterError) return { kind: error.kind, message: error.message };
  throw new Error(`no ClusterError: ${JSON.stringify(error)}`);
}

describe.each(['h2', 'http/1.1'] as const)('over %s', (protocol) => {
  test('a Service is asked under its name and port', async () => {
    const { server, proxy } = await serve((_, response) => text(response, 200, 'hello'), protocol);
    expect(await proxy.get({ ...WEB, path: '/a%20b?c=d&e' }, signal)).toEqual({
      kind: 'answered',
      status: 200,
      text: 'hello',
    });
    await proxy.get({ ...WEB, scheme: 'https', port: 'tls' }, signal);
    const root = '/api/v1/namespaces/shop/services';
    expect(server.received.map(({ path }) => path)).toEqual([
      `${root}/web:80/proxy/a%20b`,
      `${root}/https:web:tls/proxy/`,
    ]);
    expect(server.received[0]).toMatchObject({
      method: 'GET',
      query: { c: 'd', e: '' },
      headers: { authorization: 'Bearer secret-token', 'user-agent': 'rollkey/1.2.3' },
    });
  });

  test('of an endless answer the first MiB is read, and the connection lives on', async () => {
    const endless: Answer = ({ path }, response) => {
      if (!path.endsWith('/endless')) return text(response, 200, 'short');
      response.writeHead(200, {});
      const writing = setInterval(() => response.write('x'.repeat(65_536)), 1);
      endings.push(() => clearInterval(writing));
    };
    const { proxy } = await serve(endless, protocol);
    const answer = await proxy.get({ ...WEB, path: '/endless' }, signal);
    expect(answer).toMatchObject({ status: 200, text: 'x'.repeat(1_048_576) });
    expect(await proxy.get(WEB, signal)).toMatchObject({ text: 'short' });
  });
});

describe('who answers', () => {
  const through = { 'audit-id': 'c0ffee' };

  test.each<readonly [number, string]>([
    [200, 'ok'],
    [302, ''],
    [404, 'not here'],
    [401, 'log in'],
    [500, 'boom'],
    [503, '{"kind":"Status"}'],
    [503, '{"status":"DOWN"}'],
    [429, 'slow down'],
  ])('%i %j is the Service', async (code, body) => {
    const { proxy } = await serve((_, response) => text(response, code, body, through));
    expect(await proxy.get(WEB, signal)).toEqual({ kind: 'answered', status: code, text: body });
  });

  test.each([
    'no endpoints available for service "web:80"',
    'error trying to reach service: dial tcp 10.0.0.9:80: connect: connection refused',
    'error trying to reach service: EOF',
  ])('%s: its pods', async (message) => {
    const answer = status(503, 'ServiceUnavailable', message);
    const { proxy } = await serve((_, response) => json(response, 503, answer, through));
    expect(await proxy.get(WEB, signal)).toEqual({ kind: 'unreached', message });
  });

  test.each<readonly [number, object | string, ClusterError['kind'], string]>([
    [
      403,
      status(
        403,
        'Forbidden',
        'services "web:80" is forbidden: User "ci" cannot get resource "services/proxy" in API group ""',
      ),
      'forbidden',
      'forbidden to get (user "ci"); add to its Role: apiGroups [""], resources ["services/proxy"], verbs ["get"]',
    ],
    [
      401,
      status(401, 'Unauthorized', 'Unauthorized'),
      'unauthorized',
      'the API server does not accept the credentials (expired?); renew those in the kubeconfig',
    ],
    [
      404,
      status(404, 'NotFound', 'services "web" not found', { kind: 'services' }),
      'not-found',
      'not found; check its name and namespace',
    ],
    [
      503,
      status(503, 'ServiceUnavailable', 'no service port "81" found for service "web"'),
      'rejected',
      'no service port "81" found for service "web"; check the port',
    ],
    [
      503,
      status(503, 'ServiceUnavailable', 'error trying to reach service: dial tcp 10.0.0.9:80: i/o timeout'),
      'unreachable',
      'the API server answers 503 (error trying to reach service: dial tcp 10.0.0.9:80: i/o timeout); try again later',
    ],
    [
      500,
      status(500, 'InternalError', 'etcd is gone'),
      'unreachable',
      'the API server answers 500 (etcd is gone); try again later',
    ],
    [
      429,
      status(429, 'TooManyRequests', 'slow down'),
      'unreachable',
      'the API server answers 429 (slow down); try again later',
    ],
    [
      502,
      '<html>Bad Gateway</html>',
      'unreachable',
      'the API server answers 502 (<html>Bad Gateway</html>); try again later',
    ],
  ])('%i %j is not the Service', async (code, body, kind, message) => {
    const { proxy } = await serve((_, response) =>
      typeof body === 'string' ? text(response, code, body) : json(response, code, body, through),
    );
    expect(await thrownBy(proxy.get(WEB, signal))).toEqual({ kind, message: `service shop/web: ${message}` });
  });

  test('a broken connection is not the Service', async () => {
    const { server, proxy } = await serve(() => server.cut());
    expect(await thrownBy(proxy.get(WEB, signal))).toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(/reset/),
    });
    await server.close();
    expect(await thrownBy(proxy.get(WEB, signal))).toMatchObject({ kind: 'unreachable' });
  });

  test('a request that is given up ends at once', async () => {
    const { proxy } = await serve(() => undefined);
    const started = Date.now();
    await thrownBy(proxy.get(WEB, AbortSignal.timeout(50)));
    expect(Date.now() - started).toBeLessThan(2_000);
  });
});

describe('ping', () => {
  test.each([200, 401, 403, 404])('%i shows that the API server is there', async (code) => {
    const { server, proxy } = await serve((_, response) => json(response, code, {}));
    await expect(proxy.ping()).resolves.toBeUndefined();
    expect(server.received[0]?.path).toBe('/version');
  });

  test('an overloaded or silent one is not', async () => {
    const overloaded = await serve((_, response) => text(response, 503, 'busy'));
    expect(await thrownBy(overloaded.proxy.ping())).toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(/answers 503 \(busy\)/),
    });
    const silent = await serve(() => undefined);
    expect(await thrownBy(silent.proxy.ping())).toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(/no answer within 0.2 s/),
    });
  });
});

test('on the embedded cluster, with the right to it and without', async () => {
  const cluster = await startCluster({ namespaces: ['shop'] });
  endings.push(cluster.stop);
  cluster.objects.apply(deploymentManifest('web', '1.0'));
  const spec = { selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] };
  cluster.objects.apply({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' }, spec });
  await eventually(() => isRolledOut(cluster, 'web'));
  const proxyAs = (token: string) => {
    const tls = { ca: Buffer.from(cluster.caData, 'base64') };
    const access = { server: cluster.server, tls, authorize: async () => ({ authorization: `Bearer ${token}` }) };
    const transport = createConnection(access);
    endings.push(transport.close);
    return createServiceProxy({ access, transport, version: '0' });
  };
  const admin = proxyAs(cluster.tokenFor('root', ['system:masters']));
  expect(await admin.get({ ...WEB, port: 'http' }, signal)).toMatchObject({ kind: 'answered', status: 200 });
  expect(await admin.get({ ...WEB, path: '/nothing' }, signal)).toMatchObject({ kind: 'answered', status: 404 });
  cluster.objects.patch('deployments', 'shop', 'web', [{ op: 'replace', path: '/spec/replicas', value: 0 }]);
  await eventually(() => isRolledOut(cluster, 'web'));
  expect(await admin.get(WEB, signal)).toMatchObject({ kind: 'unreached' });
  const somebody = proxyAs(cluster.tokenFor('ci'));
  expect(await thrownBy(somebody.get(WEB, signal))).toMatchObject({
    kind: 'forbidden',
    message: expect.stringContaining('apiGroups [""], resources ["services/proxy"], verbs ["get"]'),
  });
  await somebody.ping();
});
