import type { Hub } from './call.ts';
import type { RawRequest } from './listener.ts';
import { type Reply, refusal } from './reply.ts';
import { routeOf } from './routes.ts';
import { type Access, allows, type Caller, type Tokens } from './tokens.ts';

/** Where GitHub Enterprise Server has its REST API. */
const ENTERPRISE_PREFIX = '/api/v3';

/** A request, taken apart. */
export interface Request {
  readonly raw: RawRequest;
  /** '' on github.com. */
  readonly prefix: string;
  /** Below the prefix. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly caller: Caller | undefined;
}

/** Takes a request apart and finds out who sent it. */
export function readRequest(raw: RawRequest, tokens: Tokens): Request {
  const { pathname, searchParams } = new URL(raw.url, 'http://localhost');
  const prefix = pathname.startsWith(`${ENTERPRISE_PREFIX}/`) ? ENTERPRISE_PREFIX : '';
  const query = Object.fromEntries(searchParams);
  const caller = tokens.callerOf(raw.headers.authorization ?? '');
  return { raw, prefix, path: pathname.slice(prefix.length), query, caller };
}

/** Answers a request as GitHub would: who asks, whether it is there, whether it is allowed, whether it makes sense. */
export function serve({ raw, prefix, path, query, caller }: Request, url: string, repository: string, hub: Hub): Reply {
  if (raw.headers.authorization && !caller) return refusal(401, 'Bad credentials');
  const route = routeOf(raw.method, path);
  const { owner, repo } = route?.parameters ?? {};
  // Without a token, what is private is not there at all.
  if (!caller || !route || `${owner}/${repo}`.toLowerCase() !== repository) return refusal(404, 'Not Found');
  const needs = Object.entries(route.operation.needs) as [keyof Caller['permissions'], Access][];
  if (!needs.every(([what, access]) => allows(caller.permissions[what], access))) {
    const kind = caller.app ? 'integration' : 'personal access token';
    const accepted = needs.map(([what, access]) => `${what}=${access}`).join('; ');
    const headers = { 'x-accepted-github-permissions': accepted };
    return refusal(403, `Resource not accessible by ${kind}`, headers);
  }
  const body = raw.body === '' ? {} : JSON.parse(raw.body);
  const place = { api: `${url}${prefix}`, repository };
  return route.operation.carryOut({ caller, place, path, parameters: route.parameters, query, body }, hub);
}
