import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { type Access, createConnection } from '../../src/cluster/connection.ts';
import { clientOf, listen, serve } from './connection-fixture.ts';

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

test('closing ends what is still connecting', async () => {
  const port = await listen(createServer());
  const access: Access = { server: `https://127.0.0.1:${port}`, tls: {}, authorize: async () => ({}) };
  const transport = createConnection(access);
  const sent = transport.send({ method: 'GET', path: '/', headers: {}, signal: new AbortController().signal });
  transport.close();
  await expect(sent).rejects.toMatchObject({ kind: 'unreachable' });
});
