import { type ClientRequestArgs, Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { readStart } from '../body-start.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** The first MiB of it. */
  readonly text: string;
}

/**
 * One request over a connection of its own: kept ones would hold the process, and tie every look to one pod. Goes by the
 * proxy that `environment` names (HTTP_PROXY, HTTPS_PROXY, NO_PROXY), where Node.js can. Rejects with the system's error.
 */
export async function exchange(
  { method, url, headers, body, signal }: HttpRequest,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<HttpAnswer> {
  const secure = url.protocol === 'https:';
  const options = { keepAlive: false, proxyEnv: { ...environment } };
  const agent = secure ? new HttpsAgent(options) : new HttpAgent(options);
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const all = { 'accept-encoding': 'identity', accept: '*/*', ...headers, ...length };
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const start: (url: URL, args: ClientRequestArgs) => ReturnType<typeof requestHttp> = secure
    ? requestHttps
    : requestHttp;
  start(url, { method, headers: all, agent, signal })
    .on('response', resolve)
    // An answer like any other, but one whose body would never end.
    .on('upgrade', (response, socket) => {
      socket.destroy();
      resolve(response);
    })
    .on('error', reject)
    // Of a connection that ends without any of these.
    .on('close', () => reject(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' })))
    .end(body);
  const response = await promise;
  const text = response.statusCode === 101 ? '' : await readStart(response);
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}
