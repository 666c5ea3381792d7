import type { CheckSpec } from './checks.ts';

const PLAIN_HEADERS = /^(accept|accept-(encoding|language)|cache-control|content-type|host|user-agent)$/i;
const SHORTEST_SECRET = 4;

/** What must never be seen in a log: the values of headers, and the credentials within them. */
export function secretsOf(checks: readonly CheckSpec[]): readonly string[] {
  const headers = checks.flatMap((check) => ('headers' in check ? Object.entries(check.headers) : []));
  const secrets = headers
    .filter(([name]) => !PLAIN_HEADERS.test(name))
    .flatMap(([, value]) => [value, ...credentialsIn(value)]);
  // The runner blanks every occurrence: a mask of `1` would hide half of the log, and is no secret.
  return [...new Set(secrets)].filter((secret) => secret.length >= SHORTEST_SECRET);
}

/** The token of `Bearer …`, and the password of `Basic …`. */
function credentialsIn(value: string): readonly string[] {
  const [, scheme = '', token = ''] = /^\s*(\S+)\s+(\S+)\s*$/.exec(value) ?? [];
  if (token === '') return [];
  if (scheme.toLowerCase() !== 'basic') return [token];
  const [, password = ''] = /:(.*)/s.exec(Buffer.from(token, 'base64').toString('utf8')) ?? [];
  return [token, password];
}
