import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import type { Access } from '../../src/cluster/connection.ts';
import { clientOf, listen, messageOf, serve } from './connection-fixture.ts';

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

  test('it wants to speak another protocol', async () => {
    const server = createServer((socket) => {
      const answer = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n';
      socket.once('data', () => socket.write(answer)).on('error', () => undefined);
    });
    const port = await listen(server);
    const access: Access = { server: `http://127.0.0.1:${port}`, tls: {}, authorize: async () => ({}) };
    expect(await messageOf(clientOf(access, 2_000).get())).toContain(
      `cluster http://127.0.0.1:${port}: the connection was reset;`,
    );
  });

  test('nobody listens', async () => {
    const gone = createServer();
    const port = await listen(gone);
    await new Promise((closed) => gone.close(closed));
    const access: Access = { server: `https://user:secret@127.0.0.1:${port}`, tls: {}, authorize: async () => ({}) };
    expect(await messageOf(clientOf(access).get())).toBe(
      `cluster https://127.0.0.1:${port}: connection refused; check that the server runs and the address is right`,
    );
  });
});
