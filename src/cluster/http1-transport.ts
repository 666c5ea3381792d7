import { Agent, type RequestOptions, request as startRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Transport, WireRequest, WireResponse } from './connection.ts';
import { cutShort } from './connection-error.ts';

/**
 * HTTP/1.1 with keep-alive over sockets from `open`, beginning with `first`: requests that follow one another share one.
 */
export function createHttp1Transport(base: URL, first: Socket, open: () => Promise<Socket>): Transport {
  const agent = new Agent({ keepAlive: true });
  let unused: Socket | undefined = first;
  agent.createConnection = (_options: RequestOptions, ready?: (error: Error | null, stream: Duplex) => void) => {
    const given = unused;
    unused = undefined;
    if (given && !given.destroyed) return given;
    open().then(
      (socket) => ready?.(null, socket),
      (error) => (ready as ((error: Error) => void) | undefined)?.(error),
    );
    return undefined;
  };
  return {
    send: (request) => send(agent, base, request),
    close() {
      unused?.destroy();
      agent.destroy();
    },
  };
}

function send(agent: Agent, base: URL, { method, path, headers, body, signal }: WireRequest): Promise<WireResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<WireResponse>();
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  // An https request also for http:// servers: the agent hands it sockets that are connected as they should be.
  startRequest({
    agent,
    method,
    path,
    host: base.hostname,
    headers: { host: base.host, ...headers, ...length },
    signal,
  })
    .on('response', (response) =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response }),
    )
    .on('error', reject)
    // Node closes a request that is answered by 101 without a word.
    .on('close', () => reject(cutShort()))
    .end(body);
  return promise;
}
