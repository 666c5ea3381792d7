import { createServer as createHttpServer } from 'node:http';
import { connect, createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import type { Access } from '../../src/cluster/connection.ts';
import { clientOf, listen, messageOf, serve } from './connection-fixture.ts';

/** A proxy that tunnels to this machine, and notes what it was asked. */
async function startProxy() {
  const asked: { target: string; authorization: string | undefined }[] = [];
  const server = createHttpServer().on('connect', (request, socket) => {
    asked.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
    const onward = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\nX-Proxy: yes\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    }).on('error', () => socket.destroy());
  });
  return { port: await listen(server), asked };
}

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
      `cluster https://localhost:${server.port}: proxy http://127.0.0.1:${port}: it answered HTTP/1.1 407 Proxy Authentication Required to CONNECT localhost:${server.port}; check the proxy settings`,
    );
  });

  test('does not change whom the certificate has to name', async () => {
    const server = await serve('h2');
    const proxy = `http://127.0.0.1:${(await startProxy()).port}`;
    expect(await clientOf({ ...server.access, server: `https://127.0.0.1:${server.port}`, proxy }).get('/a')).toEqual({
      path: '/a',
    });
    const other = clientOf({ ...server.access, server: `https://127.0.0.2:${server.port}`, proxy });
    expect(await messageOf(other.get())).toMatch(/: Hostname\/IP does not match .*127\.0\.0\.2/);
  });

  test('that is neither http nor https is refused', async () => {
    const server = await serve('h2');
    expect(await messageOf(clientOf({ ...server.access, proxy: 'socks5://127.0.0.1:1080' }).get())).toBe(
      `cluster https://localhost:${server.port}: proxy socks5://127.0.0.1:1080: only http and https proxies can be used; check the proxy settings`,
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
