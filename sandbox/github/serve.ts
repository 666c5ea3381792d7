import type { Hub, Operation } from './call.ts';
import type { Description } from './description.ts';
import type { RateLimit } from './rate-limit.ts';
import { type Reply, refusal, violation } from './reply.ts';
import type { Request } from './request.ts';
import { type Route, routeOf } from './routes.ts';
import { type Caller, lacking } from './tokens.ts';

const VERSIONS = ['2022-11-28', '2026-03-10'];
/** What Enterprise Servers know for sure. */
const ENTERPRISE_VERSIONS = ['2022-11-28'];

/** What a request is served by. */
export interface Service {
  readonly url: string;
  readonly repository: string;
  readonly hub: Hub;
  readonly description: Description;
  readonly limit: RateLimit;
}

/** Answers a request as GitHub would: who asks, whether it is there, whether it is allowed, whether it makes sense. */
export function serve(request: Request, service: Service): Reply {
  const { method, headers, caller } = request;
  const { limit } = service;
  const stopped = badHeaders(request);
  if (stopped) return stopped;
  if (headers.authorization && !caller) return refusal(401, 'Bad credentials');
  // Without a token, what is private is not there at all.
  if (!caller) return refusal(404, 'Not Found');
  const reply = limit.count(caller.login, method !== 'GET') ?? answer(request, caller, service);
  return { ...reply, headers: { ...limit.headers(caller.login), ...reply.headers } };
}

function answer(request: Request, caller: Caller, service: Service): Reply {
  const route = routeOf(request.method, request.resource);
  const { owner, repo } = route?.parameters ?? {};
  if (!route || `${owner}/${repo}`.toLowerCase() !== service.repository) return refusal(404, 'Not Found');
  return forbidden(route.operation, caller) ?? carryOut(request, route, caller, service);
}

function badHeaders({ headers, prefix }: Request): Reply | undefined {
  const { 'user-agent': agent, 'x-github-api-version': version } = headers;
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
  const missing = lacking(caller.permissions, needs);
  if (missing.length === 0) return undefined;
  const kind = caller.app ? 'integration' : 'personal access token';
  const headers = { 'x-accepted-github-permissions': missing.join('; ') };
  return refusal(403, `Resource not accessible by ${kind}`, headers);
}

function carryOut(request: Request, { operation, parameters }: Route, caller: Caller, service: Service): Reply {
  const { prefix, resource, query, body, isJson } = request;
  const { url, repository, hub, description } = service;
  if (!isJson) return violation(refusal(400, 'Problems parsing JSON'), 'its body is no JSON');
  const { refusal: message, overlooked } = description.ofRequest(operation, query, body);
  if (message !== undefined) return violation(refusal(422, message), ...overlooked, message);
  const place = { api: `${url}${prefix}`, repository };
  const fields = (body ?? {}) as Readonly<Record<string, unknown>>;
  const reply = operation.carryOut({ caller, place, path: resource, parameters, query, body: fields }, hub);
  const problems = description.ofReply(operation, reply);
  if (problems.length > 0) throw new Error(`the fake GitHub broke GitHub's description: ${problems.join('; ')}`);
  return violation(reply, ...overlooked);
}
