import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Reply } from './reply.ts';

/** A request as it came, its body read. */
export interface RawRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What becomes of a request: an answer, a broken connection, or nothing at all. */
export type Outcome = Reply | 'reset' | 'silence';

export interface Listener {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Listens for HTTP on a free port of 127.0.0.1. */
export const listen = async (answer: (request: RawRequest) => Promise<Outcome>): Promise<Listener> => {
  const sockets = new Set<Socket>();
  const server = createServer(async (request, response) => {
    try {
      const { method = '', url = '/', headers } = request;
      const outcome = await answer({ method, url, headers, body: await text(request) });
      if (outcome === 'reset') request.socket.resetAndDestroy();
      else if (outcome !== 'silence') send(response, outcome);
    } catch {
      // The client went away while it was still talking.
      request.socket.destroy();
    }
  });
  // A connection that is closed just when it is used again is a fault, and faults are scripted.
  server.keepAliveTimeout = 600_000;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};

function send(response: ServerResponse, { status, body, headers = {} }: Reply): void {
  const html = typeof body === 'string';
  const type = html ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';
  response.writeHead(status, { ...(body !== undefined && { 'content-type': type }), ...headers });
  response.end(html ? body : body && JSON.stringify(body));
}
