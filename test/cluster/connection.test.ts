import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Access, createConnection } from '../../src/cluster/connection.ts';
import { createRequests } from '../../src/cluster/requests.ts';
import type { Subject } from '../../src/cluster/subject.ts';
import { begin, json, startApiServer } from './api-server.ts';
import { instantClock } from './instant-clock.ts';

const subject: Subject = { title: 'pods', verb: 'get', group: '', resource: 'pods' };
const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

function clientOf(access: Access, connectTimeout = 5_000, pingInterval = 15_000) {
  const transport = createConnection(access, { connectTimeout, pingInterval });
  endings.push(transport.close);
  const requests = createRequests({ access, transport, clock: instantClock(), version: '0' });
  return {
    get: (path = '/x') => requests.json({ subject, path }),
    watch: (signal = new AbortController().signal) => requests.stream({ subject, path: '/watch' }, signal),
  };
}

async function serve(protocol: 'h2' | 'http/1.1') {
  const server = await startApiServer((request, response) => {
    if (request.path === '/watch') begin(response, 'on\n');
    else json(response, 200, { path: request.path });
  }, protocol);
  endings.push(server.close);
  return server;
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  endings.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** A proxy that tunnels, and notes what it was asked. */
async function startProxy() {
  const asked: { target: string; authorization: string | undefined }[] = [];
  const server = createHttpServer().on('connect', (request, socket) => {
    asked.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    const [host, port] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    }).on('error', () => socket.destroy());
  });
  return { port: await listen(server), asked };
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: Error) => error.message,
  );
}

describe('a connection', () => {
  test('carries all requests and watches of a run where the server speaks HTTP/2', async () => {
    const server = await serve('h2');
    const client = clientOf(server.access);
    await Promise.all([client.get('/a'), client.get('/b')]);
    await Promise.all([client.watch(), client.watch(), client.watch()]);
    expect(await client.get('/c')).toEqual({ path: '/c' });
    expect([server.received.length, server.connections()]).toEqual([6, 1]);
  });

  test('carries all requests that follow one another over HTTP/1.1, and needs one more for each watch', async () => {
    const server = await serve('http/1.1');
    const client = clientOf(server.access);
    for (const path of ['/a', '/b', '/c']) await client.get(path);
    expect(server.connections()).toBe(1);
    await Promise.all([client.watch(), client.watch(), client.watch()]);
    await client.get('/d');
    expect(server.connections()).toBe(4);
  });

  test('opens another one when the first is full of watches', async () => {
    const server = await serve('h2');
    const client = clientOf(server.access);
    await Promise.all(Array.from({ length: 120 }, () => client.watch()));
    expect(await client.get('/a')).toEqual({ path: '/a' });
    expect(server.connections()).toBe(2);
  });

  test('is opened again after the server closed it', async () => {
    const server = await serve('h2');
    const client = clientOf(server.access);
    await client.get('/a');
    server.cut();
    await pause(20);
    expect(await client.get('/b')).toEqual({ path: '/b' });
    expect(server.connections()).toBe(2);
  });

  test('goes elsewhere for new requests when the server asks to, and lets a watch go on', async () => {
    const server = await serve('h2');
    const client = clientOf(server.access);
    const body = await client.watch();
    server.goAway();
    await pause(20);
    expect(await client.get('/b')).toEqual({ path: '/b' });
    expect(server.connections()).toBe(2);
    expect(body).toMatchObject({ destroyed: false });
  });

  test.each(['h2', 'http/1.1'] as const)('breaks a watch when it is cut (%s)', async (protocol) => {
    const server = await serve(protocol);
    const body = await clientOf(server.access).watch();
    const chunks: string[] = [];
    const read = async () => {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        chunks.push(String(chunk));
        server.cut();
      }
    };
    await read().catch(() => undefined);
    expect(chunks).toEqual(['on\n']);
  });

  test('that is quiet is kept, and one that is dead is noticed by a ping', async () => {
    const server = await serve('h2');
    let dead = false;
    const relay = createServer((socket) => {
      const onward = connect(server.port, '127.0.0.1');
      socket.on('data', (data) => dead || onward.write(data));
      onward.on('data', (data) => dead || socket.write(data)).on('error', () => undefined);
    });
    const client = clientOf({ ...server.access, server: `https://localhost:${await listen(relay)}` }, 5_000, 50);
    const body = await client.watch();
    await pause(300);
    expect(body).toMatchObject({ destroyed: false });
    dead = true;
    const read = async () => {
      for await (const _ of body as AsyncIterable<Buffer>);
    };
    await read().catch(() => undefined);
    dead = false;
    expect(await client.get('/b')).toEqual({ path: '/b' });
  });

  test('keeps the path of the server URL', async () => {
    const server = await serve('h2');
    await clientOf({ ...server.access, server: `${server.access.server}/k8s/clusters/c-1/` }).get('/api/v1/x');
    expect(server.received[0]?.path).toBe('/k8s/clusters/c-1/api/v1/x');
  });

  test('speaks plain HTTP to a server such as kubectl proxy', async () => {
    const port = await listen(
      createHttpServer((request, response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(request.headers.host));
      }),
    );
    expect(await clientOf({ server: `http://127.0.0.1:${port}`, tls: {}, authorize: async () => ({}) }).get()).toBe(
      `127.0.0.1:${port}`,
    );
  });
});

describe('a proxy', () => {
  test.each(['h2', 'http/1.1'] as const)('tunnels %s, and learns only its own credentials', async (protocol) => {
    const server = await serve(protocol);
    const proxy = await startProxy();
    const client = clientOf({ ...server.access, proxy: `http://me:p%40ss@127.0.0.1:${proxy.port}` });
    expect(await client.get('/a')).toEqual({ path: '/a' });
    await client.get('/b');
    const authorization = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
    expect(proxy.asked).toEqual([{ target: `localhost:${server.port}`, authorization }]);
  });

  test('that refuses is named, without its password', async () => {
    const server = await serve('h2');
    const port = await listen(
      createHttpServer().on('connect', (_, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')),
    );
    const client = clientOf({ ...server.access, proxy: `http://me:secret@127.0.0.1:${port}` });
    expect(await messageOf(client.get())).toBe(
      `cluster https://localhost:${server.port}: proxy http://127.0.0.1:${port}: it answered HTTP/1.1 407 Proxy Authentication Required to CONNECT localhost:${server.port}; check proxy-url and its credentials`,
    );
  });

  test.each([
    ['that hangs', createServer()],
    ['that hangs within its answer', createServer((socket) => socket.write('HTTP/1.1 200 OK\r\nX: '))],
  ])('%s ends with one line in time', async (_, hanging) => {
    const port = await listen(hanging);
    const access: Access = {
      server: 'https://cluster.test:6443',
      tls: {},
      proxy: `http://127.0.0.1:${port}`,
      authorize: async () => ({}),
    };
    const started = Date.now();
    expect(await messageOf(clientOf(access, 300).get())).toBe(
      `cluster https://cluster.test:6443: proxy http://127.0.0.1:${port}: no answer within 0.3 s; check the proxy and its address`,
    );
    expect(Date.now() - started).toBeLessThan(2_000);
  });
});

describe('a server that cannot be used ends with one line:', () => {
  test('it does not speak TLS, nor anything else', async () => {
    const port = await listen(createServer());
    const access: Access = { server: `https://127.0.0.1:${port}`, tls: {}, authorize: async () => ({}) };
    expect(await messageOf(clientOf(access, 300).get())).toBe(
      `cluster https://127.0.0.1:${port}: no answer within 0.3 s; check the address, firewalls and proxy settings`,
    );
  });

  test('it speaks plain HTTP', async () => {
    const port = await listen(createHttpServer());
    const access: Access = { server: `https://127.0.0.1:${port}`, tls: {}, authorize: async () => ({}) };
    expect(await messageOf(clientOf(access).get())).toBe(
      `cluster https://127.0.0.1:${port}: it does not speak TLS; check the scheme and port of the server in the kubeconfig`,
    );
  });

  test('its certificate is of an unknown CA', async () => {
    const server = await serve('h2');
    expect(await messageOf(clientOf({ ...server.access, tls: {} }).get())).toBe(
      `cluster https://localhost:${server.port}: the server's certificate is not signed by a known CA; set certificate-authority-data in the kubeconfig to the cluster's CA`,
    );
    expect(await clientOf({ ...server.access, tls: { rejectUnauthorized: false } }).get('/a')).toEqual({ path: '/a' });
  });

  test('its certificate is for another name', async () => {
    const server = await serve('h2');
    const access = { ...server.access, tls: { ...server.access.tls, servername: 'cluster.test' } };
    expect(await messageOf(clientOf(access).get())).toMatch(
      /^cluster https:\/\/localhost:\d+: Hostname\/IP does not match .*cluster\.test.*; set tls-server-name in the kubeconfig/,
    );
  });

  test('nobody listens', async () => {
    const port = await listen(createServer());
    await endings.pop()?.();
    const access: Access = { server: `https://user:secret@127.0.0.1:${port}`, tls: {}, authorize: async () => ({}) };
    expect(await messageOf(clientOf(access).get())).toBe(
      `cluster https://127.0.0.1:${port}: connection refused; check that the server runs and the address is right`,
    );
  });
});

test('closing ends what is still connecting', async () => {
  const port = await listen(createServer());
  const access: Access = { server: `https://127.0.0.1:${port}`, tls: {}, authorize: async () => ({}) };
  const transport = createConnection(access);
  const sent = transport.send({ method: 'GET', path: '/', headers: {}, signal: new AbortController().signal });
  transport.close();
  await expect(sent).rejects.toMatchObject({ kind: 'unreachable' });
});
