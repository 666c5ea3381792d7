import type { IncomingRequest } from './faults.ts';
import type { RawRequest } from './listener.ts';
import { REPOSITORY_ID } from './representation.ts';
import type { Caller, Tokens } from './tokens.ts';

/** Where GitHub Enterprise Server has its REST API. */
const ENTERPRISE_PREFIX = '/api/v3';

/** A request, taken apart. */
export interface Request extends IncomingRequest {
  readonly headers: RawRequest['headers'];
  /** '' on github.com. */
  readonly prefix: string;
  /** The path below the prefix, by the repository's name. */
  readonly resource: string;
  /** Undefined without a token, and with one that nobody was given. */
  readonly caller: Caller | undefined;
  /** False where `body` is text, since it is no JSON. */
  readonly isJson: boolean;
}

/** Takes a request apart and finds out who sent it. */
export function readRequest({ method, url, headers, body }: RawRequest, tokens: Tokens, repository: string): Request {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const prefix = pathname.startsWith(`${ENTERPRISE_PREFIX}/`) ? ENTERPRISE_PREFIX : '';
  const resource = pathname.slice(prefix.length).replace(`/repositories/${REPOSITORY_ID}/`, `/repos/${repository}/`);
  const caller = tokens.callerOf(headers.authorization ?? '');
  return {
    ...{ method, path: pathname, query: Object.fromEntries(searchParams), headers, prefix, resource, caller },
    ...readBody(body),
  };
}

function readBody(text: string): Pick<Request, 'body' | 'isJson'> {
  try {
    return { body: text === '' ? undefined : JSON.parse(text), isJson: true };
  } catch {
    return { body: text, isJson: false };
  }
}
