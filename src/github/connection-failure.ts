import { GitHubError } from '../errors.ts';
import { plainLine } from '../foreign/plain-text.ts';
import type { FailedAttempt } from './failed-attempt.ts';

const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused; check the network of this runner',
  ECONNRESET: 'the connection was cut; check what stands between this runner and GitHub',
  EPIPE: 'the connection was cut; check what stands between this runner and GitHub',
  ETIMEDOUT: 'no answer; check the network of this runner, firewalls and proxy settings',
  ENOTFOUND: 'the name is not known to DNS; check GITHUB_API_URL and the network of this runner',
  EAI_AGAIN: 'DNS does not answer; check the network of this runner',
  EHOSTUNREACH: 'no route to the host; check the network of this runner',
  ENETUNREACH: 'no route to the host; check the network of this runner',
  EPROTO: 'it does not speak TLS; check GITHUB_API_URL',
};

// Names, routes and certificates stay as they are within seconds; these may not.
const PASSING: readonly string[] = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'];

/** Of which server, and how long its answer was waited for. */
export interface Waited {
  readonly apiUrl: string;
  readonly seconds: number;
  /** Whether the wait ended before there was an answer. */
  readonly late: boolean;
}

/** What a request without an answer means to the user: `unreachable`, naming the host, or the proxy, and why. */
export function connectionFailure(error: unknown, { apiUrl, seconds, late }: Waited): FailedAttempt {
  const { name, proxy, cause } = fieldsOf(error);
  const proxied = name === 'ProxyFailure';
  const { why, passes } = explain(proxied ? cause : error, proxied, late ? seconds : undefined);
  const who = `GitHub at ${apiUrl}: ${proxied ? `proxy ${String(proxy)}: ` : ''}`;
  return {
    error: new GitHubError('unreachable', `${who}${why}`, { cause: error }),
    retryAfterMs: passes ? 0 : undefined,
  };
}

function explain(error: unknown, proxied: boolean, lateSeconds: number | undefined) {
  const { name, code, message } = fieldsOf(error);
  const word = typeof code === 'string' ? code : '';
  const passes = lateSeconds !== undefined || PASSING.includes(word) || word.startsWith('HPE_');
  const text = plainLine(String(message ?? error));
  if (lateSeconds !== undefined)
    return {
      why: `no answer within ${lateSeconds} s; check the network of this runner, firewalls and proxy settings`,
      passes,
    };
  if (name === 'ProxyRefusal') return { why: `${text}; check the proxy settings`, passes };
  if (/CERT|_SIGNED_|ISSUER|ERR_TLS/.test(word))
    return {
      why: `its certificate is not accepted (${text}); if its CA is your own, set NODE_EXTRA_CA_CERTS on the runner`,
      passes,
    };
  if (word.startsWith('HPE_') || word.startsWith('ERR_SSL_'))
    return { why: 'it does not speak HTTP as it should; check GITHUB_API_URL and proxy settings', passes };
  return { why: ADVICE[word] ?? `${text}; check ${proxied ? 'the proxy settings' : 'GITHUB_API_URL'}`, passes };
}

/** Structural, because an error of another realm (jest runs modules in one) is not an instance of our `Error`. */
function fieldsOf(error: unknown): Partial<Readonly<Record<'name' | 'code' | 'message' | 'cause' | 'proxy', unknown>>> {
  return typeof error === 'object' && error !== null ? error : {};
}
