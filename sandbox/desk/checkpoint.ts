import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, Agent as HttpsAgent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createCertificate } from '../cluster/server/certificate.ts';
import { type ApiAccess, connectOptions } from './api-client.ts';

/** A request on its way to the API server. */
export interface Passing {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
}

/** Lets something happen between two requests of somebody: whatever `meet` does is done before the request goes on. */
export type Meet = (passing: Passing) => void | Promise<void>;

export interface Checkpoint {
  /** Whoever connects with this passes the checkpoint. */
  readonly access: ApiAccess;
  readonly close: () => Promise<void>;
}

/** Stands between somebody and an API server: every request is met, then goes on unchanged. */
export async function openCheckpoint(access: ApiAccess, meet: Meet): Promise<Checkpoint> {
  const certificate = await createCertificate();
  const agent = new HttpsAgent({ keepAlive: true });
  const server = createServer({ cert: certificate.cert, key: certificate.key }, (incoming, outgoing) => {
    pass(incoming, outgoing, access, agent, meet).catch((error: unknown) => outgoing.destroy(error as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    access: { ...access, server: `https://127.0.0.1:${port}`, ca: certificate.cert },
    close: async () => {
      server.closeAllConnections();
      server.close();
      agent.destroy();
      await once(server, 'close');
    },
  };
}

async function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  access: ApiAccess,
  agent: HttpsAgent,
  meet: Meet,
): Promise<void> {
  const { method = 'GET', url = '/', headers } = incoming;
  const body = Buffer.concat(await incoming.toArray());
  const { pathname, searchParams } = new URL(url, access.server);
  await meet({ method, path: pathname, query: searchParams.toString(), body: body.toString() });
  const { host: _host, ...passed } = headers;
  const { headers: own, ...connection } = connectOptions(access);
  const options = { ...connection, agent, method, headers: { ...(own as object), ...passed } };
  const sent = request(`${access.server}${url}`, options, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    // Headers of a watch must not wait for its first event.
    outgoing.flushHeaders();
    answer.pipe(outgoing);
  });
  sent.once('error', (error) => outgoing.destroy(error));
  outgoing.once('close', () => sent.destroy());
  sent.end(body);
}
