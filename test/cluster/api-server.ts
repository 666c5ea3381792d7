import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';
import { generate } from 'selfsigned';
import type { Access } from '../../src/cluster/connection.ts';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export type Response = Pick<Http2ServerResponse, 'writeHead' | 'write' | 'end'> & {
  flushHeaders?(): void;
  readonly stream?: { close(code: number): void };
  destroy?(): void;
};
export type Answer = (request: Received, response: Response, count: number) => void;

export interface ApiServer {
  readonly access: Access;
  readonly port: number;
  readonly received: Received[];
  /** How many TLS connections were made to it. */
  connections(): number;
  /** Cuts every connection without a word. */
  cut(): void;
  /** Asks every HTTP/2 client to go elsewhere for new requests. */
  goAway(): void;
  close(): Promise<void>;
}

const names = [
  { type: 2 as const, value: 'localhost' },
  { type: 7 as const, ip: '127.0.0.1' },
];
const pems = await generate([{ name: 'commonName', value: 'localhost' }], {
  keySize: 2048,
  extensions: [{ name: 'subjectAltName', altNames: names }],
});

/** An HTTPS server on a free port that answers as told; `count` numbers the requests from 1. */
export async function startApiServer(answer: Answer, protocol: 'h2' | 'http/1.1' = 'h2'): Promise<ApiServer> {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  let connections = 0;

  const onRequest = async (request: Http2ServerRequest, response: Http2ServerResponse) => {
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    let body = '';
    for await (const chunk of request) body += chunk;
    const url = new URL(request.url, 'https://localhost');
    const query = Object.fromEntries(url.searchParams);
    received.push({ method: request.method, path: url.pathname, query, headers: request.headers, body });
    answer(received.at(-1) as Received, response, received.length);
  };
  const options = { key: pems.private, cert: pems.cert };
  const server: Server =
    protocol === 'h2'
      ? createSecureServer(options, onRequest).on('session', (session) => sessions.add(session))
      : createHttpsServer(options, onRequest as never);
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
  server.on('secureConnection', (socket: Socket) => {
    connections += 1;
    socket.on('error', () => undefined);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    access: {
      server: `https://localhost:${port}`,
      tls: { ca: pems.cert },
      authorize: async () => ({ authorization: 'Bearer secret-token' }),
    },
    port,
    received,
    connections: () => connections,
    cut,
    goAway: () => {
      for (const session of sessions) session.goaway();
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        cut();
      }),
  };
}

/** Answers with JSON. */
export function json(response: Response, status: number, value: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
}

/** Begins an answer that goes on, as a watch's does. */
export function begin(response: Response, ...lines: readonly string[]): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders?.();
  for (const line of lines) response.write(line);
}

/** The API server's words for a failure. */
export function status(code: number, reason: string, message: string, details: object = {}): object {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, reason, message, details };
}
