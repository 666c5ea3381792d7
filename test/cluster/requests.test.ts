import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createConnection } from '../../src/cluster/connection.ts';
import { createRequests } from '../../src/cluster/requests.ts';
import type { Subject } from '../../src/cluster/subject.ts';
import { type Answer, type ApiServer, begin, json, startApiServer, status } from './api-server.ts';
import { instantClock } from './instant-clock.ts';

const subject = (verb: Subject['verb']): Subject => ({
  title: 'deployment shop/web',
  verb,
  group: 'apps',
  resource: 'deployments',
});
const path = '/apis/apps/v1/namespaces/shop/deployments/web';
const requestOf = (verb: Subject['verb'], title: string) => ({ subject: { ...subject(verb), title }, path });
const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

async function serve(answer: Answer, protocol: 'h2' | 'http/1.1', timeout = 5_000) {
  const server: ApiServer = await startApiServer(answer, protocol);
  const transport = createConnection(server.access);
  const clock = instantClock();
  endings.push(transport.close, server.close);
  return {
    server,
    clock,
    requests: createRequests({ access: server.access, transport, clock, version: '1.2.3', timeout }),
  };
}

describe.each(['h2', 'http/1.1'] as const)('requests over %s', (protocol) => {
  test('send and receive JSON as it is', async () => {
    const answer = { kind: 'Deployment', unknownField: { deep: ['ü', null, 1.5] } };
    const { server, requests } = await serve((_, response) => json(response, 200, answer), protocol);
    expect(await requests.json({ subject: subject('get'), path, query: { a: 'x y' } })).toEqual(answer);
    expect(server.received).toMatchObject([
      {
        method: 'GET',
        path,
        query: { a: 'x y' },
        headers: { accept: 'application/json', 'user-agent': 'rollkey/1.2.3', authorization: 'Bearer secret-token' },
        body: '',
      },
    ]);
  });

  test.each([
    ['patch', 'PATCH', 'application/json-patch+json'],
    ['update', 'PUT', 'application/json'],
    ['create', 'POST', 'application/json'],
  ] as const)('%s under our own name', async (verb, method, contentType) => {
    const { server, requests } = await serve((_, response) => json(response, 200, {}), protocol);
    await requests.json({ subject: subject(verb), path, query: { dryRun: 'All' }, body: { a: 'ü' } });
    expect(server.received).toMatchObject([
      {
        method,
        query: { fieldManager: 'rollkey', dryRun: 'All' },
        headers: { 'content-type': contentType },
        body: '{"a":"ü"}',
      },
    ]);
  });

  test('understand a compressed answer', async () => {
    const { requests } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync('{"a":"compressed"}'));
    }, protocol);
    expect(await requests.json({ subject: subject('list'), path })).toEqual({ a: 'compressed' });
  });

  test('wait as Retry-After says, then go on', async () => {
    const { clock, requests } = await serve((_, response, count) => {
      if (count < 3) json(response, 429, status(429, 'TooManyRequests', 'busy'), { 'retry-after': '2' });
      else json(response, 200, { count });
    }, protocol);
    expect(await requests.json({ subject: subject('get'), path })).toEqual({ count: 3 });
    expect(clock.slept).toEqual([2000, 2000]);
  });

  test('repeat what broke: a reset before and in the answer, half of the JSON, 503', async () => {
    const { server, requests } = await serve((_, response, count) => {
      if (count === 1) return server.cut();
      if (count === 2) {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"a":');
        return setTimeout(() => server.cut(), 20);
      }
      if (count === 3) {
        response.writeHead(200, { 'content-type': 'application/json' });
        return response.end('{"a":');
      }
      return count === 4 ? json(response, 503, {}) : json(response, 200, { count });
    }, protocol);
    expect(await requests.json({ subject: subject('patch'), path, body: [] })).toEqual({ count: 5 });
  });

  describe('are refused by a server that answered the same before, as one does that starts and does not know its Roles yet', () => {
    const refusal = status(403, 'Forbidden', 'deployments.apps "web" is forbidden: User "ci" cannot get resource');
    const refusing = (from: number, until: number, answer: object = refusal) =>
      serve((_, response, count) => {
        if (count >= from && count < until) json(response, 403, answer);
        else json(response, 200, { count });
      }, protocol);
    const get = { subject: subject('get'), path };

    test('they wait for it', async () => {
      const { clock, requests } = await refusing(2, 4);
      await requests.json(get);
      expect(await requests.json(get)).toEqual({ count: 4 });
      expect(clock.slept).toEqual([200, 500]);
    });

    test('they end after a while where it stays so: the right was taken away', async () => {
      const { clock, requests } = await refusing(2, 99);
      await requests.json(get);
      await expect(requests.json(get)).rejects.toMatchObject({ kind: 'forbidden' });
      expect(clock.slept).toEqual([200, 500, 1000, 2000, 4000]);
    });

    test.each<readonly [string, number, Parameters<typeof requestOf>]>([
      ['what was never allowed', 1, ['get', 'deployment shop/web']],
      ['what was allowed of another object', 2, ['get', 'deployment shop/other']],
      ['what was allowed by another verb', 2, ['patch', 'deployment shop/web']],
    ])('%s ends at once', async (_, from, [verb, title]) => {
      const { clock, requests } = await refusing(from, 99);
      if (from > 1) await requests.json(get);
      await expect(requests.json(requestOf(verb, title))).rejects.toMatchObject({ kind: 'forbidden' });
      expect(clock.slept).toEqual([]);
    });

    test('so does what a policy denies', async () => {
      const words = 'admission webhook "policy.example.com" denied the request: no';
      const { clock, requests } = await refusing(2, 99, status(403, 'Forbidden', words));
      await requests.json(get);
      await expect(requests.json(get)).rejects.toMatchObject({ kind: 'rejected' });
      expect(clock.slept).toEqual([]);
    });
  });

  test('end with one line after a while when the server keeps failing', async () => {
    const { server, clock, requests } = await serve(
      (_, response) => json(response, 500, status(500, '', 'etcd\ndown')),
      protocol,
    );
    await expect(requests.json({ subject: subject('get'), path })).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'deployment shop/web: the API server answers 500 (etcd down); try again later',
    });
    expect([server.received.length, clock.slept]).toEqual([6, [200, 500, 1000, 2000, 4000]]);
  });

  test.each([
    ['nothing', () => undefined],
    ['half an answer', (_: unknown, response: Parameters<Answer>[1]) => begin(response, '{"a":')],
  ])('do not wait for ever on %s', async (_, answer: Answer) => {
    const { server, requests } = await serve(answer, protocol, 200);
    await expect(requests.json({ subject: subject('get'), path })).rejects.toMatchObject({
      kind: 'unreachable',
      message: `cluster https://localhost:${server.port}: no answer within 0.2 s; check the address, firewalls and proxy settings`,
    });
    expect(server.received).toHaveLength(1);
  });

  test('say so when the answer is not of a Kubernetes API', async () => {
    const { requests } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>Please sign in</html>');
    }, protocol);
    await expect(requests.json({ subject: subject('get'), path })).rejects.toMatchObject({
      kind: 'rejected',
      message:
        'deployment shop/web: the answer (200, text/html) is not JSON; check that the address is that of a Kubernetes API',
    });
  });

  test('never show the token', async () => {
    const echo = status(401, 'Unauthorized', 'Bearer secret-token is expired');
    const { requests } = await serve((_, response) => json(response, 401, echo), protocol);
    await expect(requests.json({ subject: subject('get'), path })).rejects.toThrow(
      expect.objectContaining({ kind: 'unauthorized', message: expect.not.stringContaining('secret-token') }),
    );
  });

  test('give a watch as it arrives, for longer than an answer may take', async () => {
    const { requests } = await serve(
      (_, response) => {
        begin(response, 'first');
        setTimeout(() => response.end('second'), 400);
      },
      protocol,
      200,
    );
    const body = await requests.stream({ subject: subject('watch'), path }, AbortSignal.timeout(5_000));
    const chunks = [];
    for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(String(chunk));
    expect(chunks).toEqual(['first', 'second']);
  });

  test('end a watch when the signal aborts', async () => {
    const { requests } = await serve((_, response) => begin(response, 'first'), protocol);
    const stop = new AbortController();
    const body = await requests.stream({ subject: subject('watch'), path }, stop.signal);
    const read = async () => {
      for await (const _ of body as AsyncIterable<Buffer>) stop.abort();
    };
    await expect(read()).rejects.toThrow();
  });

  test('tell an expired watch from a forbidden one', async () => {
    const { requests } = await serve((_, response, count) => {
      if (count === 1) json(response, 410, status(410, 'Expired', 'too old resource version'));
      else json(response, 403, status(403, 'Forbidden', 'User "ci" cannot watch resource'));
    }, protocol);
    expect(await requests.stream({ subject: subject('watch'), path }, AbortSignal.timeout(5_000))).toBe('expired');
    await expect(
      requests.stream({ subject: subject('watch'), path }, AbortSignal.timeout(5_000)),
    ).rejects.toMatchObject({
      kind: 'forbidden',
      message:
        'deployment shop/web: forbidden to watch (user "ci"); add to its Role: apiGroups ["apps"], resources ["deployments"], verbs ["watch"]',
    });
  });
});
