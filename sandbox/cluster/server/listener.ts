import type { IncomingMessage } from 'node:http';
import { createSecureServer, type Http2ServerRequest } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { Certificate } from './certificate.ts';

export type ApiIncoming = IncomingMessage | Http2ServerRequest;
/** What the responses of both protocols can do. */
export interface ApiOutgoing {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  flushHeaders(): void;
  write(chunk: string | Buffer): unknown;
  end(chunk?: string): unknown;
  on(event: 'close', listener: () => void): unknown;
}

export interface Listener {
  readonly url: string;
  /** A number for the connection that a request came over, from 1. */
  readonly connectionOf: (request: ApiIncoming) => number;
  /** Breaks the connection that a request came over, with everything else on it. */
  readonly cut: (request: ApiIncoming) => void;
  readonly stop: () => Promise<void>;
}

/** Listens on a free port of 127.0.0.1 for HTTP/2 and, as an API server does, for HTTP/1.1 too. */
export const listen = async (
  { key, cert }: Certificate,
  answer: (request: ApiIncoming, response: ApiOutgoing) => void,
): Promise<Listener> => {
  const server = createSecureServer({ key, cert, allowHTTP1: true });
  const numbers = new WeakMap<object, number>();
  const sockets = new Set<Socket>();
  let count = 0;
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    numbers.set(socket, ++count);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  server.on('session', (session) => {
    numbers.set(session, count);
    session.on('error', () => {});
  });
  // The types of Node.js leave out flushHeaders, which HTTP/2 responses have, too.
  server.on('request', (request, response) => answer(request, response as unknown as ApiOutgoing));

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    connectionOf: (request) => numbers.get(carrierOf(request)) ?? 0,
    cut: (request) => carrierOf(request).destroy(),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};

/** The session of an HTTP/2 request, whose socket is only a stand-in; else the socket. */
const carrierOf = (request: ApiIncoming): { destroy(): void } =>
  ('stream' in request ? request.stream.session : undefined) ?? request.socket;
