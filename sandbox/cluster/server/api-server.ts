import type { ClusterClock } from '../cluster-clock.ts';
import { ApiError, toStatus } from '../model/api-error.ts';
import { readBody } from './api-request.ts';
import type { Identities, User } from './authentication.ts';
import type { Certificate } from './certificate.ts';
import { type ApiIncoming, type ApiOutgoing, listen } from './listener.ts';
import type { Reply } from './reply.ts';
import type { ForcedAnswer, RequestFaults } from './request-faults.ts';
import type { RequestRecord } from './request-log.ts';
import { parseRequest } from './request-path.ts';
import type { RawRequest, Route } from './routes.ts';

export interface ApiServer {
  readonly url: string;
  readonly requests: RequestRecord[];
  readonly stop: () => Promise<void>;
}

export interface ApiServerParts {
  readonly certificate: Certificate;
  readonly identities: Identities;
  readonly faults: RequestFaults;
  readonly clock: ClusterClock;
  readonly route: Route;
}

/** Listens on a free port of 127.0.0.1 and answers as an API server over HTTPS. */
export const startApiServer = async (parts: ApiServerParts): Promise<ApiServer> => {
  const { certificate, identities, faults, clock, route } = parts;
  const requests: RequestRecord[] = [];

  const answer = async (request: ApiIncoming, response: ApiOutgoing): Promise<void> => {
    const url = new URL(request.url ?? '/', 'https://cluster');
    const info = parseRequest(request.method ?? 'GET', url.pathname, url.searchParams);
    const index = requests.length;
    const record = (change: Partial<RequestRecord>): RequestRecord => {
      const known = requests[index] ?? recordOf(request, url, info?.verb, listener.connectionOf(request));
      requests[index] = { ...known, ...change };
      return requests[index];
    };
    record({});
    response.setHeader('Date', new Date(clock.now()).toUTCString());
    try {
      const body = await readBody(request);
      const user = identities.authenticate(request.headers.authorization);
      const verdict = await faults.meet(record({ user: user.name }));
      if (verdict === 'cut') {
        listener.cut(request);
        return;
      }
      if (verdict !== 'serve') throw forcedError(verdict, response);
      const reply = route(rawRequest(request, url, user, body), info);
      record({ code: reply.code });
      send(response, reply);
    } catch (error) {
      const failure = error instanceof ApiError ? error : internalError(error);
      record({ code: failure.code });
      send(response, { code: failure.code, body: toStatus(failure) });
    }
  };

  const listener = await listen(certificate, (request, response) => void answer(request, response));
  return { url: listener.url, requests, stop: listener.stop };
};

const recordOf = (request: ApiIncoming, url: URL, verb: string | undefined, connection: number): RequestRecord => ({
  method: request.method ?? '',
  verb: verb ?? (request.method ?? '').toLowerCase(),
  path: url.pathname,
  query: url.search.slice(1),
  userAgent: request.headers['user-agent'] ?? '',
  user: '',
  connection,
  time: Date.now(),
  code: 0,
});

const rawRequest = (request: ApiIncoming, url: URL, user: User, body: unknown): RawRequest => ({
  path: url.pathname,
  query: url.searchParams,
  accept: request.headers.accept ?? '',
  contentType: (request.headers['content-type'] ?? '').split(';')[0] ?? '',
  userAgent: request.headers['user-agent'] ?? '',
  user,
  body,
});

const send = (response: ApiOutgoing, reply: Reply): void => {
  if ('text' in reply) {
    response.statusCode = reply.code;
    response.setHeader('Content-Type', 'text/plain');
    response.end(reply.text);
    return;
  }
  response.statusCode = reply.code;
  response.setHeader('Content-Type', ('contentType' in reply && reply.contentType) || 'application/json');
  if ('stream' in reply) reply.stream(response);
  else response.end(`${JSON.stringify(reply.body)}\n`);
};

const reasons: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

const forcedError = ({ answer, retryAfterSeconds, message }: ForcedAnswer, response: ApiOutgoing): ApiError => {
  if (retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(retryAfterSeconds));
  return new ApiError(answer, reasons[answer] ?? 'Unknown', message ?? `the cluster was told to answer ${answer}`);
};

const internalError = (error: unknown): ApiError =>
  new ApiError(
    500,
    'InternalError',
    `Internal error occurred: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
  );
