import type { Readable } from 'node:stream';
import { buffer as readAll } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { ClusterError } from '../errors.ts';
import type { Clock } from '../ports.ts';
import { apiError } from './api-error.ts';
import type { Access, Transport, WireRequest, WireResponse } from './connection.ts';
import { connectionError, cutShort } from './connection-error.ts';
import { withRetries } from './retry.ts';
import type { Subject } from './subject.ts';

export interface ApiRequest {
  readonly subject: Subject;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly accept?: string;
}

/** Requests to the API server. All throw ClusterError. */
export interface Requests {
  json(request: ApiRequest, signal?: AbortSignal): Promise<unknown>;
  /** An answer that is no JSON; undefined where the server answers 400 or 404: there is nothing to read. */
  text(request: ApiRequest, signal?: AbortSignal): Promise<string | undefined>;
  /** The answer to a watch as it arrives, until it closes or `signal` aborts; `expired` where the server answers 410. */
  stream(request: ApiRequest, signal: AbortSignal): Promise<Readable | 'expired'>;
}

export interface RequestsOptions {
  readonly access: Access;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly version: string;
  /** Milliseconds for one answer. */
  readonly timeout?: number;
}

const METHODS = {
  get: 'GET',
  list: 'GET',
  watch: 'GET',
  create: 'POST',
  update: 'PUT',
  patch: 'PATCH',
  delete: 'DELETE',
} as const;

/** Puts requests into the API server's words, repeats what may be repeated, and explains what fails. */
export function createRequests({ access, transport, clock, version, timeout = 30_000 }: RequestsOptions): Requests {
  const allowed = createMemory();

  async function send(request: ApiRequest, signal: AbortSignal): Promise<WireResponse> {
    return transport.send({ ...wireRequest(request, version, await access.authorize()), signal });
  }

  function explain(error: unknown, late: AbortSignal): unknown {
    if (error instanceof ClusterError) return error;
    // A body that is cut by our own time-out looks like one that the server cut.
    const cause = late.aborted ? late.reason : error;
    return connectionError(cause, { server: access.server, peer: access.server, seconds: timeout / 1000 });
  }

  async function exchange(request: ApiRequest, read: typeof parse, abort?: AbortSignal) {
    const late = AbortSignal.timeout(timeout);
    const signal = abort ? AbortSignal.any([abort, late]) : late;
    try {
      const response = await send(request, signal);
      const text = await readText(response);
      const value = response.status < 300 ? read(text, response, request.subject) : undefined;
      const { status, headers } = response;
      return { status, headers, text, value, mayPass: allowed.mayPass(request.subject, status, text) };
    } catch (error) {
      throw explain(error, late);
    }
  }

  async function begin(request: ApiRequest, signal: AbortSignal) {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new DOMException('no answer', 'TimeoutError')), timeout);
    try {
      const response = await send(request, AbortSignal.any([signal, late.signal]));
      const refusal = response.status < 300 ? '' : await readText(response);
      return { ...response, refusal, mayPass: allowed.mayPass(request.subject, response.status, refusal) };
    } catch (error) {
      throw explain(error, late.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async json(request, signal) {
      const { status, value, text } = await withRetries(() => exchange(request, parse, signal), clock, signal);
      if (status < 300) return value;
      throw apiError(request.subject, status, text);
    },
    async text(request, signal) {
      const { status, text } = await withRetries(() => exchange(request, String, signal), clock, signal);
      if (status < 300) return text;
      if (status === 400 || status === 404) return undefined;
      throw apiError(request.subject, status, text);
    },
    async stream(request, signal) {
      const response = await withRetries(() => begin(request, signal), clock, signal);
      if (response.status < 300) return response.body;
      if (response.status === 410) return 'expired';
      throw apiError(request.subject, response.status, response.refusal);
    },
  };
}

/**
 * What was allowed already. An API server answers before it knows any Role, and refuses what it allows a moment later
 * (kubernetes/kubernetes, pkg/kubeapiserver/authorizer/config.go: RBAC reads from listers that nobody waits for).
 */
function createMemory() {
  const allowed = new Set<string>();
  return {
    mayPass(subject: Subject, status: number, text: string): boolean {
      const key = `${subject.verb} ${subject.title}`;
      if (status < 300) allowed.add(key);
      return status === 403 && allowed.has(key) && apiError(subject, status, text).kind === 'forbidden';
    },
  };
}

function wireRequest(
  { subject, path, query, body, accept }: ApiRequest,
  version: string,
  identity: WireRequest['headers'],
) {
  const writes = body !== undefined;
  const names = writes && subject.verb !== 'delete';
  const parameters = new URLSearchParams({ ...query, ...(names && { fieldManager: 'rollkey' }) }).toString();
  return {
    method: METHODS[subject.verb],
    path: parameters === '' ? path : `${path}?${parameters}`,
    headers: {
      accept: accept ?? 'application/json',
      'user-agent': `rollkey/${version}`,
      ...(subject.verb !== 'watch' && { 'accept-encoding': 'gzip' }),
      ...(writes && { 'content-type': subject.verb === 'patch' ? 'application/json-patch+json' : 'application/json' }),
      ...identity,
    },
    body: writes ? JSON.stringify(body) : undefined,
  };
}

async function readText({ headers, body }: WireResponse): Promise<string> {
  const bytes = await readAll(body);
  return (headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
}

function parse(text: string, { status, headers }: WireResponse, { title }: Subject): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (headers['content-type']?.includes('json')) throw cutShort();
    const answer = `the answer (${status}, ${headers['content-type'] ?? 'no content type'}) is not JSON`;
    throw new ClusterError('rejected', `${title}: ${answer}; check that the address is that of a Kubernetes API`);
  }
}
