import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { createHttp1Transport } from './http1-transport.ts';
import { createHttp2Transport } from './http2-transport.ts';
import { openSocket } from './socket.ts';

/** How to reach an API server, and as whom. */
export interface Access {
  /** URL of the API server; it may hold a path (`https://rancher/k8s/clusters/c-1`). */
  readonly server: string;
  readonly tls: Pick<
    ConnectionOptions,
    'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'servername' | 'rejectUnauthorized'
  >;
  /** URL of an HTTP proxy that tunnels to the server. */
  readonly proxy?: string | undefined;
  /** Headers that say who we are, asked before every request since tokens are renewed. */
  authorize(): Promise<Readonly<Record<string, string>>>;
}

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, without the path of the server's URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

/** Sends requests over sockets that it opens as needed, and keeps. */
export interface Transport {
  send(request: WireRequest): Promise<WireResponse>;
  close(): void;
}

/** Milliseconds. */
export interface ConnectionTimes {
  /** For name lookup, TCP, proxy and TLS together. */
  readonly connectTimeout?: number;
  /** Between the pings that tell a quiet HTTP/2 connection from a dead one. */
  readonly pingInterval?: number;
}

/**
 * Connects on the first request. HTTP/2 where the server offers it, so that every request and watch of a run shares
 * one TLS connection; else HTTP/1.1 with keep-alive, where each watch occupies a connection of its own.
 */
export function createConnection(
  access: Access,
  { connectTimeout = 10_000, pingInterval = 15_000 }: ConnectionTimes = {},
): Transport {
  const closing = new AbortController();
  const base = new URL(access.server);
  const prefix = base.pathname.replace(/\/+$/, '');
  let negotiated: Promise<Transport> | undefined;

  const open = (protocols: readonly string[]) => openSocket(access, protocols, connectTimeout, closing.signal);

  async function negotiate(): Promise<Transport> {
    const socket = await open(['h2', 'http/1.1']);
    try {
      return 'alpnProtocol' in socket && socket.alpnProtocol === 'h2'
        ? createHttp2Transport(base, socket, () => open(['h2']), pingInterval)
        : createHttp1Transport(base, socket, () => open(['http/1.1']));
    } catch (error) {
      // An open socket would keep the process alive.
      socket.destroy();
      throw error;
    }
  }

  function transport(): Promise<Transport> {
    negotiated ??= negotiate().catch((error) => {
      negotiated = undefined;
      throw error;
    });
    return negotiated;
  }

  return {
    async send(request) {
      const sent = transport().then((ready) => ready.send({ ...request, path: prefix + request.path }));
      return unlessAborted(sent, request.signal);
    },
    close() {
      closing.abort();
      negotiated?.then(
        (ready) => ready.close(),
        () => undefined,
      );
    },
  };
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
