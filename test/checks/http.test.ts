import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';
import { redact } from '../../src/foreign/redact.ts';
import { type Answer, closedPort, type HttpServer, startHttpServer } from './http-server.ts';
import { checkOf, lookOf } from './sample.ts';

let server: HttpServer;
let answer: Answer;

beforeEach(async () => {
  server = await startHttpServer((received, response) => answer(received, response));
});
afterEach(() => server.close());

function answering(status: number, body = '', headers = {}): Answer {
  return (_received, response) => response.writeHead(status, headers).end(body);
}

describe('answers', () => {
  test.each<readonly [number, string, object, string, string]>([
    [200, '', {}, 'pass', 'answers 200'],
    [204, '', {}, 'pass', 'answers 204'],
    [304, '', {}, 'pass', 'answers 304'],
    [302, '', {}, 'pass', 'answers 302'],
    [404, 'nothing here', {}, 'fail', 'answers 404, not 200 to 399: nothing here'],
    [500, '', {}, 'fail', 'answers 500, not 200 to 399'],
    [503, '<h1>\n  down\r\n</h1>\u001b[31m', {}, 'fail', 'answers 503, not 200 to 399: <h1> down </h1>'],
    [200, '', { status: 204 }, 'fail', 'answers 200, not 204'],
    [404, '', { status: [404, 410] }, 'pass', 'answers 404'],
    [401, '', { status: [404, 410] }, 'fail', 'answers 401, not 404, 410'],
    [200, 'release 1.1 here', { contains: 'release 1.1' }, 'pass', 'answers 200'],
    [
      200,
      'release 1.0',
      { contains: 'release 1.1' },
      'fail',
      'answers 200 without the text "release 1.1": release 1.0',
    ],
    [500, 'release 1.1', { contains: 'release 1.1' }, 'fail', 'answers 500, not 200 to 399: release 1.1'],
    [200, 'größer', { contains: 'größer' }, 'pass', 'answers 200'],
  ])('%i %j for %j: %s', async (status, body, more, state, message) => {
    answer = answering(status, body);
    expect(await lookOf({ http: { url: server.url, ...more } })).toEqual({ state, message });
  });

  test('what is quoted of a long page ends with the mark by which a secret is known that was cut', async () => {
    const secret = 'zq8Kf02mVtYw5LbN7xRc1DgHs4PjUe9A';
    answer = (received, response) =>
      response.writeHead(500).end(`${'y'.repeat(180)} ${received.headers['x-shop']} and more`);
    const { message } = await lookOf({ http: { url: server.url, headers: { 'X-Shop': secret } } });
    expect(redact(`${message}; rolled back`, [secret])).toBe(
      `answers 500, not 200 to 399: ${'y'.repeat(180)} ***…; rolled back`,
    );
  });

  test.each([
    [false, 200, 'fail'],
    [true, 200, 'pass'],
    [true, 500, 'fail'],
  ])(
    'of a release that runs on a part of the pods (%j), its name is not expected: %i',
    async (partly, status, state) => {
      answer = answering(status, 'this is 1.0');
      const check = { http: { url: server.url, contains: 'this is $ROLLKEY_RELEASE' } };
      expect((await lookOf(check, { partly })).state).toBe(state);
    },
  );

  test('of a body, the first MiB is looked at, and no more fetched', async () => {
    const written = (response: ServerResponse, count: number): void => {
      if (response.destroyed || count > 2_000) return void response.end();
      response.write('x'.repeat(65_536), () => written(response, count + 1));
    };
    answer = (_received, response) => written(response.writeHead(200), 0);
    const look = await lookOf({ http: { url: server.url, contains: 'y' } });
    expect(look.state).toBe('fail');
    expect(look.message.length).toBeLessThan(300);
    expect(server.connections().open).toBeLessThanOrEqual(1);
  });

  test('headers go as given, credentials are never in the message', async () => {
    answer = answering(500);
    const headers = { Authorization: 'Bearer s3cr3t', Host: 'shop.example' };
    const look = await lookOf({ http: { url: `${server.url}/health?full=1`, headers } });
    expect(server.received[0]).toMatchObject({ method: 'GET', url: '/health?full=1' });
    expect(server.received[0]?.headers).toMatchObject({ authorization: 'Bearer s3cr3t', host: 'shop.example' });
    expect(JSON.stringify(look)).not.toContain('s3cr3t');
  });

  test('every look makes a connection of its own, and leaves none', async () => {
    answer = answering(200);
    const check = await checkOf({ http: server.url });
    const { signal } = new AbortController();
    await Promise.all([check.look(signal), check.look(signal)]);
    await check.look(signal);
    expect(server.connections().made).toBe(3);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.connections().open).toBe(0);
  });
});

describe('redirects', () => {
  test('are followed, for five times', async () => {
    const upTo =
      (most: number): Answer =>
      ({ url }, response) => {
        const count = Number(url.slice(1));
        if (count >= most) response.writeHead(200).end('there');
        else response.writeHead(302, { location: `/${count + 1}` }).end();
      };
    answer = upTo(5);
    expect(await lookOf({ http: { url: `${server.url}/0`, contains: 'there' } })).toMatchObject({ state: 'pass' });
    answer = upTo(6);
    expect(await lookOf({ http: `${server.url}/0` })).toEqual({
      state: 'fail',
      message: 'redirects more than 5 times',
    });
  });

  test('are an answer where the check wants one', async () => {
    answer = answering(302, '', { location: '/login' });
    expect(await lookOf({ http: { url: server.url, status: [302] } })).toMatchObject({ state: 'pass' });
    expect(server.received).toHaveLength(1);
  });

  test('take headers along to the same place alone', async () => {
    const other = await startHttpServer(answering(200));
    answer = ({ url }, response) => response.writeHead(307, { location: url === '/' ? '/here' : other.url }).end();
    await lookOf({ http: { url: server.url, headers: { 'X-Token': 's3cr3t' } } });
    await other.close();
    expect(server.received.map(({ headers }) => headers['x-token'])).toEqual(['s3cr3t', 's3cr3t']);
    expect(other.received.map(({ headers }) => headers['x-token'])).toEqual([undefined]);
  });

  test('lead nowhere but to web servers', async () => {
    answer = answering(301, '', { location: 'file:///etc/passwd' });
    expect(await lookOf({ http: server.url })).toEqual({ state: 'fail', message: 'redirects to file:' });
  });
});

describe('no answer', () => {
  test('from the release is a failure', async () => {
    const refused = await lookOf({ http: `http://127.0.0.1:${await closedPort()}` });
    expect(refused).toEqual({ state: 'fail', message: 'refuses the connection' });
    expect(await lookOf({ http: `http://localhost:${await closedPort()}` })).toEqual(refused);
    answer = (_received, response) => response.destroy();
    expect(await lookOf({ http: server.url })).toEqual({ state: 'fail', message: 'cuts the connection' });
    answer = (_received, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('x');
      setTimeout(() => response.destroy(), 20);
    };
    expect(await lookOf({ http: server.url })).toEqual({ state: 'fail', message: 'cuts the connection' });
  });

  test('in time is a failure', async () => {
    answer = () => undefined;
    const started = Date.now();
    const look = await lookOf({ http: server.url, timeout: '200ms' });
    expect(look).toEqual({ state: 'fail', message: 'does not answer within 0.2 s' });
    expect(Date.now() - started).toBeLessThan(4_000);
    answer = (_received, response) => response.writeHead(200).write('x');
    expect(await lookOf({ http: server.url, timeout: '200ms' })).toEqual(look);
  });

  test('of the kind that HTTP knows is a failure', async () => {
    const odd = createTcpServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-x\r\n'));
    await once(odd.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(odd.address() as AddressInfo).port}`;
    expect(await lookOf({ http: url })).toEqual({ state: 'fail', message: 'does not speak HTTP' });
    odd.close();
  });

  test.each([
    [
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      'answers 101, not 200 to 399',
    ],
    ['HTTP/1.1 101 Switching Protocols\r\n\r\n', 'answers 101, not 200 to 399'],
    ['HTTP/1.1 100 Continue\r\n\r\n'.repeat(3), 'does not answer within 0.3 s'],
    ['HTTP/1.1 200 OK\r\nContent-Len', 'does not answer within 0.3 s'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nabc', 'does not answer within 0.3 s'],
  ])('that is whole is a failure: %j', async (bytes, message) => {
    const odd = createTcpServer((socket) => socket.on('error', () => undefined).write(bytes));
    await once(odd.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(odd.address() as AddressInfo).port}`;
    expect(await lookOf({ http: url, timeout: '300ms' })).toEqual({ state: 'fail', message });
    odd.close();
  });

  test('because of what is before the release is an error', async () => {
    expect(await lookOf({ http: 'http://no-such-name.invalid' })).toEqual({
      state: 'error',
      message: expect.stringMatching(/DNS/),
    });
    answer = answering(200);
    expect(await lookOf({ http: server.url.replace('http:', 'https:') })).toEqual({
      state: 'error',
      message: 'it does not speak TLS; check the scheme and port of the url',
    });
  });

  test('that can be trusted is an error', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
    const tls = createTlsServer({ key, cert }, (_request, response) => response.end('ok'));
    await once(tls.listen(0, '127.0.0.1'), 'listening');
    const look = await lookOf({ http: `https://127.0.0.1:${(tls.address() as AddressInfo).port}` });
    tls.close();
    expect(look).toEqual({
      state: 'error',
      message: expect.stringMatching(/^the TLS certificate is not accepted \(.+\)$/),
    });
  });
});

test('a look that is stopped ends at once, and says nothing about the release', async () => {
  answer = () => undefined;
  const check = await checkOf({ http: server.url });
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 50);
  const stopped = { state: 'error', message: 'was stopped before it had an answer' };
  expect(await check.look(stop.signal)).toEqual(stopped);
  expect(await check.look(stop.signal)).toEqual(stopped);
  expect(server.received).toHaveLength(1);
});

test('the proxy of the environment is used, and its exceptions', async () => {
  answer = answering(200, 'through the proxy');
  const environment = { HTTP_PROXY: server.url, NO_PROXY: '127.0.0.1' };
  const item = { http: { url: 'http://shop.invalid/health', contains: 'through the proxy' } };
  expect(await lookOf(item, { environment })).toMatchObject({ state: 'pass' });
  expect(server.received[0]?.url).toBe('http://shop.invalid/health');
  expect(await lookOf({ http: `${server.url}/direct` }, { environment })).toMatchObject({ state: 'pass' });
  expect(server.received[1]?.url).toBe('/direct');
});
