import { Agent, type RequestOptions, request } from 'node:https';

/** A cluster's API server, and who asks it. */
export interface ApiAccess {
  /** `https://host:port` */
  readonly server: string;
  /** The authority's certificates, PEM. */
  readonly ca: string;
  /** Either a bearer token, or a client certificate with its key, PEM. */
  readonly credentials: { readonly token: string } | { readonly cert: string; readonly key: string };
}

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With query. */
  readonly path: string;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly userAgent?: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
}

export interface ApiClient {
  /** Resolves with the answer whatever its status; rejects when there is none in ten seconds. */
  readonly send: (asked: ApiRequest) => Promise<ApiAnswer>;
  /** The answer's JSON; rejects with the server's words where it is an error. */
  readonly json: <T>(asked: ApiRequest) => Promise<T>;
  readonly close: () => void;
}

/** Asks an API server over a few connections that are kept. */
export function createApiClient(access: ApiAccess): ApiClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const options = connectOptions(access);
  const send = (asked: ApiRequest) => answerTo(asked, access.server, { ...options, agent });
  const json = async <T>(asked: ApiRequest) => {
    const { status, text } = await send(asked);
    if (status >= 400) throw new Error(`${asked.method ?? 'GET'} ${asked.path}: ${status} ${text.slice(0, 500)}`);
    return JSON.parse(text) as T;
  };
  return { send, json, close: () => agent.destroy() };
}

/** How to connect as somebody, for node:https. */
export function connectOptions({ ca, credentials }: ApiAccess): RequestOptions {
  return 'token' in credentials
    ? { ca, headers: { authorization: `Bearer ${credentials.token}` } }
    : { ca, cert: credentials.cert, key: credentials.key };
}

function answerTo(asked: ApiRequest, server: string, options: RequestOptions): Promise<ApiAnswer> {
  const { method = 'GET', path, body, contentType = 'application/json', userAgent = 'rollkey-desk' } = asked;
  const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const headers = {
    ...(options.headers as Record<string, string> | undefined),
    'user-agent': userAgent,
    ...(content && { 'content-type': contentType, 'content-length': String(content.length) }),
  };
  return new Promise((resolve, reject) => {
    const sent = request(`${server}${path}`, { ...options, method, headers, timeout: 10_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    sent.once('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer`)));
    sent.once('error', (error: NodeJS.ErrnoException) => {
      // The server may close an idle connection just when it is used again (nodejs.org/api/http.html, request.reusedSocket).
      if (sent.reusedSocket && error.code === 'ECONNRESET') resolve(answerTo(asked, server, options));
      else reject(error);
    });
    sent.end(content);
  });
}
