import type { CommandSpec, HttpSpec, PrometheusSpec, ServiceSpec } from './checks.ts';
import type { Reading, Rule, Rules } from './fields.ts';
import { integer, line, listOf, number, oneOf, text, textMap } from './rules.ts';

/** The keys of `http`, as they are written. */
export interface HttpKeys {
  readonly url: string;
  readonly status: readonly number[];
  readonly contains: string;
  readonly headers: HttpSpec['headers'];
}

export interface ServiceKeys {
  readonly name: string;
  readonly port: string;
  readonly path: string;
  readonly scheme: ServiceSpec['scheme'];
  readonly status: readonly number[];
  readonly contains: string;
}

export interface PrometheusKeys {
  readonly url: string;
  readonly query: string;
  readonly below: number;
  readonly above: number;
  readonly headers: PrometheusSpec['headers'];
}

export interface CommandKeys {
  readonly argv: readonly string[];
  readonly environment: CommandSpec['environment'];
}

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const PORT_NAME = /^(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/;
/** RFC 9110, token. */
const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
/** What frames a message, or keeps the connection, is ours. */
const OWN_HEADERS = /^(connection|content-length|expect|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;
const LONGEST_URL = 2_000;
/** Well below what Linux allows for one argument: the program must not fail to start by it. */
const LONGEST_ARGUMENTS = 50_000;

/** It is not repeated in a problem, since it may hold a password. */
const url: Rule<string> = (value) => {
  const read = line(LONGEST_URL)(value);
  if ('problem' in read) return read;
  if (!/^https?:\/\//i.test(read.value) || !URL.canParse(read.value))
    return { problem: 'is no address: write http://… or https://…' };
  const { username, password } = new URL(read.value);
  if (username === '' && password === '') return read;
  return { problem: 'holds a user or password: send them as headers: { Authorization: … }' };
};

const headers = textMap(50, (name, value) => {
  if (!HEADER_NAME.test(name)) return 'has a name that HTTP does not allow';
  if (OWN_HEADERS.test(name)) return `must leave ${name} to Rollkey`;
  return /[^\t\x20-\x7e\x80-\xff]/.test(value) ? `has a value that HTTP does not allow: ${name}` : undefined;
});

const environment = textMap(100, (name, value) => {
  if (!/^[A-Za-z_]\w*$/.test(name)) return 'has a name with other signs than letters, digits and _';
  if (/^ROLLKEY_/.test(name)) return `must leave ${name} to Rollkey`;
  if (value.length > LONGEST_ARGUMENTS) return `has a value that is too long: ${name}`;
  return value.includes('\0') ? `has a value with a NUL character: ${name}` : undefined;
});

const argument: Rule<string> = (value) => {
  if (typeof value !== 'string' && typeof value !== 'number')
    return { problem: 'has an item that is no text: quote it' };
  return String(value).includes('\0') ? { problem: 'has an item with a NUL character' } : { value: String(value) };
};

const argv: Rule<readonly string[]> = (value) => {
  if (!Array.isArray(value))
    return { problem: 'is no list: write [./smoke.sh, --fast], since no shell takes it apart' };
  const read = listOf(argument, 100)(value);
  if ('problem' in read) return read;
  const [program = ''] = read.value;
  if (program.trim() === '' || program !== program.trim() || /"|\\$/.test(program))
    return { problem: 'begins with no name of a program' };
  return read.value.join(' ').length > LONGEST_ARGUMENTS ? { problem: 'is too long: put it into a script' } : read;
};

const port: Rule<string> = (value) => {
  const given = typeof value === 'number' ? String(value) : value;
  const isNumber =
    typeof given === 'string' && /^\d{1,5}$/.test(given) && Number(given) >= 1 && Number(given) <= 65_535;
  if (typeof given === 'string' && (isNumber || PORT_NAME.test(given))) return { value: given };
  return { problem: 'is neither a number from 1 to 65535 nor the name of a port' };
};

const serviceName: Rule<string> = (value) =>
  typeof value === 'string' && value.length <= 63 && LABEL.test(value)
    ? { value }
    : { problem: 'is no name of a Service: use a-z, 0-9 and -, at most 63 characters' };

/** The API server resolves `..`: the request would go elsewhere, with our rights. */
const path: Rule<string> = (value): Reading<string> => {
  const read = line(LONGEST_URL)(value);
  if ('problem' in read) return read;
  if (!/^\/[\x21-\x7e]*$/.test(read.value)) return { problem: 'is no path: begin it with /, and encode spaces as %20' };
  const [segments = ''] = read.value.split('?');
  return /#|\\|(^|\/|%2f)(\.|%2e){1,2}(\/|%2f|$)/i.test(segments) ? { problem: 'must not hold . or .. or #' } : read;
};

const status = listOf(integer(200, 599), 50);
const contains = text(1_000);

export const HTTP: Rules<HttpKeys> = { url, status, contains, headers };
export const SERVICE: Rules<ServiceKeys> = {
  name: serviceName,
  port,
  path,
  scheme: oneOf(['http', 'https']),
  status,
  contains,
};
export const PROMETHEUS: Rules<PrometheusKeys> = {
  url,
  query: text(10_000),
  below: number(),
  above: number(),
  headers,
};
export const COMMAND: Rules<CommandKeys> = { argv, environment };
