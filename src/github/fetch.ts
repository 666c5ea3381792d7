import { type Agent, type IncomingMessage, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { environmentProxy } from '../proxy/environment-proxy.ts';

interface Init {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** As much of a `Response` as octokit reads. */
export interface FetchAnswer {
  readonly status: number;
  readonly url: string;
  readonly headers: ReadonlyMap<string, string>;
  text(): Promise<string>;
  arrayBuffer(): Promise<ArrayBuffer>;
}

export type Fetch = (url: string, init: Init) => Promise<FetchAnswer>;

interface FetchOptions {
  readonly apiUrl: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds for the way through a proxy; an answer is waited for until `signal` aborts. */
  readonly timeout: number;
}

// GitHub wants the request repeated as it was, whatever the method:
// https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects
const REDIRECTS: readonly number[] = [301, 302, 307, 308];
const MOST_REDIRECTS = 3;

/**
 * What octokit calls `fetch`, for the server of `apiUrl`, through the proxy that the environment names for it. An answer
 * comes whole: one that is cut rejects. Node's own fetch takes 45 ms to load and knows no proxy; a request of node:https
 * is there in 12.
 */
export function createFetch({ apiUrl, environment, timeout }: FetchOptions): Fetch {
  const { origin } = new URL(apiUrl);
  const proxy = environmentProxy(apiUrl, environment);
  let agent: Promise<Agent> | undefined;

  return async (url, init) => {
    agent ??= proxy === undefined ? undefined : proxiedAgent(proxy, apiUrl, timeout);
    const through = await agent;
    let target = new URL(url);
    for (let redirects = 0; ; redirects += 1) {
      // The token goes with every request.
      if (target.origin !== origin) throw new Error(`it leads to ${target.origin}, where the token must not go`);
      const answer = await exchange(target, init, through);
      const location = REDIRECTS.includes(answer.status) ? answer.headers.get('location') : undefined;
      if (location === undefined || redirects === MOST_REDIRECTS) return answer;
      target = new URL(location, target);
    }
  };
}

/** Loaded only where there is a proxy. */
async function proxiedAgent(proxy: string, apiUrl: string, timeout: number): Promise<Agent> {
  const { createProxiedAgent } = await import('./proxied-agent.ts');
  return createProxiedAgent(proxy, apiUrl, timeout);
}

async function exchange(url: URL, init: Init, agent: Agent | undefined): Promise<FetchAnswer> {
  const response = await send(url, init, agent);
  const bytes = await readWhole(response);
  const body = response.headers['content-encoding'] === 'gzip' ? await unzipped(bytes) : bytes;
  const headers = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]);
  return {
    status: response.statusCode ?? 0,
    url: url.href,
    headers: new Map(headers),
    text: async () => body.toString('utf8'),
    arrayBuffer: async () => Uint8Array.from(body).buffer,
  };
}

async function readWhole(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Short answers come as they are; zlib takes 5 ms to load. */
async function unzipped(bytes: Buffer): Promise<Buffer> {
  const { gunzipSync } = await import('node:zlib');
  return gunzipSync(bytes);
}

function send(url: URL, { method, headers, body, signal }: Init, agent: Agent | undefined): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  // A proxied agent hands out sockets that are connected as the URL asks; it passes for one of https.
  const request = agent || url.protocol === 'https:' ? requestSecure : requestPlain;
  const { protocol: _, hostname, port, pathname, search } = url;
  const sending = request({
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: port || (url.protocol === 'https:' ? 443 : 80),
    path: `${pathname}${search}`,
    method,
    headers: { ...headers, ...length, 'accept-encoding': 'gzip', host: url.host },
    ...(agent && { agent }),
    ...(signal && { signal }),
  });
  // While its socket is being opened, a request does not listen.
  signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  sending.on('response', resolve).on('error', reject).end(body);
  return promise;
}
