import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach } from '@jest/globals';
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

/** Sends over a connection that the test ends. */
export function clientOf(access: Access, connectTimeout = 5_000, pingInterval = 15_000) {
  const transport = createConnection(access, { connectTimeout, pingInterval });
  endings.push(transport.close);
  const requests = createRequests({ access, transport, clock: instantClock(), version: '0' });
  return {
    get: (path = '/x') => requests.json({ subject, path }),
    watch: (signal = new AbortController().signal) => requests.stream({ subject, path: '/watch' }, signal),
  };
}

/** A server that answers with the path, and /watch without an end. */
export async function serve(protocol: 'h2' | 'http/1.1') {
  const server = await startApiServer((request, response) => {
    if (request.path === '/watch') begin(response, 'on\n');
    else json(response, 200, { path: request.path });
  }, protocol);
  endings.push(server.close);
  return server;
}

/** Listens on a free port; the test ends it. */
export async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  endings.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

/** The message of what a promise throws. */
export async function messageOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: Error) => error.message,
  );
}
