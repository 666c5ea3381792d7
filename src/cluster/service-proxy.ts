import { readStart } from '../body-start.ts';
import { ClusterError } from '../errors.ts';
import { apiError } from './api-error.ts';
import type { Access, Transport } from './connection.ts';
import { connectionError } from './connection-error.ts';
import { oneLine } from './one-line.ts';

export interface ServiceProxyOptions {
  readonly access: Access;
  readonly transport: Transport;
  /** Rollkey's own version, for the User-Agent. */
  readonly version: string;
  /** Milliseconds within which the API server must show that it answers at all. */
  readonly pingTimeout?: number;
}

export type ServiceProxy = ReturnType<typeof createServiceProxy>;

interface ServiceRequest {
  readonly namespace: string;
  readonly service: string;
  readonly port: string;
  readonly scheme: 'http' | 'https';
  readonly path: string;
}

/** Requests to Services through the API server: no repeats, since a check looks again anyway. Throws ClusterError. */
export function createServiceProxy({ access, transport, version, pingTimeout = 3_000 }: ServiceProxyOptions) {
  async function send(path: string, signal: AbortSignal, seconds: number) {
    try {
      const identity = await access.authorize();
      const headers = { accept: '*/*', 'user-agent': `rollkey/${version}`, ...identity };
      const { status, headers: answered, body } = await transport.send({ method: 'GET', path, headers, signal });
      return { status, audited: answered['audit-id'] !== undefined, text: await readStart(body) };
    } catch (error) {
      if (error instanceof ClusterError) throw error;
      throw connectionError(error, { server: access.server, peer: access.server, seconds });
    }
  }

  return {
    async get({ namespace, service, port, scheme, path }: ServiceRequest, signal: AbortSignal) {
      const name = `${scheme === 'https' ? 'https:' : ''}${service}:${port}`;
      const { status, audited, text } = await send(
        `/api/v1/namespaces/${namespace}/services/${name}/proxy${path}`,
        signal,
        0,
      );
      const title = `service ${namespace}/${service}`;
      const subject = { title, verb: 'get', group: '', resource: 'services/proxy' } as const;
      const said = messageOfStatus(text);
      if (said === undefined && !(isOverload(status) && !audited)) return { kind: 'answered', status, text } as const;
      if (said !== undefined && status === 503 && isOfThePods(said))
        return { kind: 'unreached', message: oneLine(said) } as const;
      if (said?.startsWith('no service port'))
        throw new ClusterError('rejected', `${title}: ${oneLine(said)}; check the port`);
      throw apiError(subject, status, text);
    },

    async ping() {
      const { status, text } = await send('/version', AbortSignal.timeout(pingTimeout), pingTimeout / 1_000);
      if (isOverload(status)) throw apiError({ title: 'version', verb: 'get', group: '', resource: '' }, status, text);
    },
  };
}

/** Every answer that went through an API server bears an Audit-ID: without one, something before it is overloaded. */
function isOverload(status: number): boolean {
  return status === 429 || status >= 500;
}

/** The API server's own words, as opposed to those of the Service; undefined for the latter. */
function messageOfStatus(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const { kind, apiVersion, message } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return kind === 'Status' && apiVersion === 'v1' ? String(message ?? '') : undefined;
  } catch {
    return undefined;
  }
}

/** Whether pods do not answer, or there are none: not when the network between API server and nodes is at fault. */
function isOfThePods(message: string): boolean {
  if (/^no endpoints available/.test(message)) return true;
  const network = /no route to host|i\/o timeout|no agent available|network is unreachable|TLS handshake timeout/i;
  return /^error trying to reach service/.test(message) && !network.test(message);
}
