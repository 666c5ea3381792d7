import { describe, expect, test } from '@jest/globals';
import type { ServiceAnswer, ServiceProxy, ServiceRequest } from '../../src/checks/service.ts';
import { ClusterError } from '../../src/errors.ts';
import { checkOf, lookOf } from './sample.ts';

function proxyOf(get: ServiceProxy['get'], ping: ServiceProxy['ping'] = async () => undefined): ServiceProxy {
  return { get, ping };
}

function answering(status: number, text = ''): ServiceProxy {
  return proxyOf(async () => ({ kind: 'answered', status, text }));
}

test('the Service of the run is asked', async () => {
  const asked: ServiceRequest[] = [];
  const serviceProxy = proxyOf(async (request): Promise<ServiceAnswer> => {
    asked.push(request);
    return { kind: 'answered', status: 200, text: '' };
  });
  await lookOf({ service: 'web:http/healthz?full=1' }, { serviceProxy });
  await lookOf({ service: { name: 'api', port: 8443, scheme: 'https' } }, { serviceProxy, namespace: 'prod' });
  expect(asked).toEqual([
    { namespace: 'shop', service: 'web', port: 'http', scheme: 'http', path: '/healthz?full=1' },
    { namespace: 'prod', service: 'api', port: '8443', scheme: 'https', path: '/' },
  ]);
});

test.each<readonly [number, string, object, string, string]>([
  [200, '', {}, 'pass', 'answers 200'],
  [301, '', {}, 'pass', 'answers 301'],
  [500, 'boom', {}, 'fail', 'answers 500, not 200 to 399: boom'],
  [403, '', {}, 'fail', 'answers 403, not 200 to 399'],
  [403, '', { status: 403 }, 'pass', 'answers 403'],
  [200, 'ok', { contains: 'fine' }, 'fail', 'answers 200 without the text "fine": ok'],
])('%i %j for %j: %s', async (status, text, more, state, message) => {
  const item = { service: { name: 'web', port: 80, ...more } };
  expect(await lookOf(item, { serviceProxy: answering(status, text) })).toEqual({ state, message });
});

test('no pod that answers is a failure', async () => {
  const message = 'no endpoints available for service "web:80"';
  const serviceProxy = proxyOf(async () => ({ kind: 'unreached', message }));
  expect(await lookOf({ service: 'web:80' }, { serviceProxy })).toEqual({ state: 'fail', message });
});

test.each(['forbidden', 'unauthorized', 'not-found', 'unreachable', 'rejected'] as const)(
  'what the cluster itself answers (%s) is an error',
  async (kind) => {
    const message = 'service shop/web: add to its Role: …';
    const serviceProxy = proxyOf(() => Promise.reject(new ClusterError(kind, message)));
    expect(await lookOf({ service: 'web:80' }, { serviceProxy })).toEqual({ state: 'error', message });
  },
);

describe('silence', () => {
  const silent: ServiceProxy['get'] = (_request, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

  test('of the Service is a failure', async () => {
    const check = await checkOf({ service: 'web:80', timeout: '100ms' }, { serviceProxy: proxyOf(silent) });
    expect(await check.look(new AbortController().signal)).toEqual({
      state: 'fail',
      message: 'does not answer within 0.1 s',
    });
  });

  test('of the API server is an error', async () => {
    const ping = () => Promise.reject(new ClusterError('unreachable', 'cluster https://x: no answer within 3 s'));
    const serviceProxy = proxyOf(silent, ping);
    expect(await lookOf({ service: 'web:80', timeout: '100ms' }, { serviceProxy })).toEqual({
      state: 'error',
      message: 'cluster https://x: no answer within 3 s',
    });
  });
});

test('a text that names the release fits whichever release is looked at', async () => {
  const service = { name: 'web', port: 80, contains: 'release $ROLLKEY_RELEASE!' };
  const serviceProxy = answering(200, 'release 2.0-$&!');
  expect(await lookOf({ service }, { serviceProxy, release: '2.0-$&' })).toMatchObject({ state: 'pass' });
  expect(await lookOf({ service }, { serviceProxy, release: '2.0' })).toMatchObject({ state: 'fail' });
});
