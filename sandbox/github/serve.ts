import type { Hub, Operation } from './call.ts';
import type { Description } from './description.ts';
import type { RawRequest } from './listener.ts';
import type { RateLimit } from './rate-limit.ts';
import { type Reply, refusal, violation } from './reply.ts';
import { REPOSITORY_ID } from './representation.ts';
import { type Route, routeOf } from './routes.ts';
import { allows, type Caller, type Tokens } from './tokens.ts';

/** Where GitHub Enterprise Server has its REST API. */
const ENTERPRISE_PREFIX = '/api/v3';
const VERSIONS = ['2022-11-28', '2026-03-10'];
/** What Enterprise Servers know for sure. */
const ENTERPRISE_VERSIONS = ['2022-11-28'];

/** A request, taken apart. */
export interface Request {
  readonly raw: RawRequest;
  /** As it was asked for, without the query. */
  readonly pathname: string;
  /** '' on github.com. */
  readonly prefix: string;
  /** Below the prefix, and by the repository's name. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly caller: Caller | undefined;
}

/** What a request is served by. */
export interface Service {
  readonly url: string;
  readonly repository: string;
  readonly hub: Hub;
  readonly description: Description;
  readonly limit: RateLimit;
}

/** Takes a request apart and finds out who sent it. */
export function readRequest(raw: RawRequest, tokens: Tokens, repository: string): Request {
  const { pathname, searchParams } = new URL(raw.url, 'http://localhost');
  const prefix = pathname.startsWith(`${ENTERPRISE_PREFIX}/`) ? ENTERPRISE_PREFIX : '';
  const path = pathname.slice(prefix.length).replace(`/repositories/${REPOSITORY_ID}/`, `/repos/${repository}/`);
  const caller = tokens.callerOf(raw.headers.authorization ?? '');
  return { raw, pathname, prefix, path, query: Object.fromEntries(searchParams), caller };
}

/** Answers a request as GitHub would: who asks, whether it is there, whether it is allowed, whether it makes sense. */
export function serve(request: Request, service: Service): Reply {
  const { raw, caller } = request;
  const { limit } = service;
  const stopped = badHeaders(request);
  if (stopped) return stopped;
  if (raw.headers.authorization && !caller) return refusal(401, 'Bad credentials');
  // Without a token, what is private is not there at all.
  if (!caller) return refusal(404, 'Not Found');
  const reply = limit.count(caller.login, raw.method !== 'GET') ?? answer(request, caller, service);
  return { ...reply, headers: { ...limit.headers(caller.login), ...reply.headers } };
}

function answer(request: Request, caller: Caller, service: Service): Reply {
  const route = routeOf(request.raw.method, request.path);
  const { owner, repo } = route?.parameters ?? {};
  if (!route || `${owner}/${repo}`.toLowerCase() !== service.repository) return refusal(404, 'Not Found');
  return forbidden(route.operation, caller) ?? carryOut(request, route, caller, service);
}

function badHeaders({ raw, prefix }: Request): Reply | undefined {
  const { 'user-agent': agent, 'x-github-api-version': version } = raw.headers;
  if (!agent) {
    const message = 'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.';
    return violation(refusal(403, message), 'it has no User-Agent');
  }
  const supported = prefix ? ENTERPRISE_VERSIONS : VERSIONS;
  if (version === undefined || supported.includes(String(version))) return undefined;
  const message = `The version you specified in the "X-GitHub-API-Version" request header, "${version}", is not a supported version.`;
  return violation(refusal(400, message), `version ${version} is not supported`);
}

function forbidden({ needs }: Operation, caller: Caller): Reply | undefined {
  if (allows(caller.permissions.deployments, needs.deployments)) return undefined;
  const kind = caller.app ? 'integration' : 'personal access token';
  const headers = { 'x-accepted-github-permissions': `deployments=${needs.deployments}` };
  return refusal(403, `Resource not accessible by ${kind}`, headers);
}

function carryOut({ raw, prefix, path, query }: Request, route: Route, caller: Caller, service: Service): Reply {
  const { url, repository, hub, description } = service;
  const { operation, parameters } = route;
  const body = parsed(raw.body);
  if (body === 'malformed') return violation(refusal(400, 'Problems parsing JSON'), 'its body is no JSON');
  const { refusal: message, overlooked } = description.ofRequest(operation, query, body);
  if (message !== undefined) return violation(refusal(422, message), ...overlooked, message);
  const place = { api: `${url}${prefix}`, repository };
  const call = { caller, place, path, parameters, query, body: (body ?? {}) as Readonly<Record<string, unknown>> };
  const reply = operation.carryOut(call, hub);
  const problems = description.ofReply(operation, reply);
  if (problems.length > 0) throw new Error(`the fake GitHub broke GitHub's description: ${problems.join('; ')}`);
  return violation(reply, ...overlooked);
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return 'malformed';
  }
}
