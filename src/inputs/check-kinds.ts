import {
  COMMAND,
  type CommandKeys,
  HTTP,
  type HttpKeys,
  PROMETHEUS,
  type PrometheusKeys,
  SERVICE,
  type ServiceKeys,
} from './check-rules.ts';
import type { CheckSpec, CheckTimes, CommandSpec, HttpSpec, PrometheusSpec, ServiceSpec } from './checks.ts';
import { type Elsewhere, type Fields, isFields, readFields } from './fields.ts';

/** A check without its times, or what is wrong with it. `title` names it for people, without what may be secret. */
type Kind<T extends CheckSpec> =
  | { readonly title: string; readonly spec: Omit<T, keyof CheckTimes> }
  | { readonly problems: readonly string[] };

/** What is written below the name of a kind, by kind. */
export const KINDS = {
  http: { rules: HTTP, read: readHttp },
  service: { rules: SERVICE, read: readService },
  prometheus: { rules: PROMETHEUS, read: readPrometheus },
  command: { rules: COMMAND, read: readCommand },
} as const;

function readHttp(where: string, given: unknown, elsewhere: Elsewhere): Kind<HttpSpec> {
  const { fields, problems } = readFields<HttpKeys>(
    where,
    typeof given === 'string' ? { url: given } : given,
    HTTP,
    elsewhere,
  );
  const { url, status = [], contains = '', headers = {} } = fields;
  if (url === undefined || problems.length > 0) return wrong(where, problems, given, { url });
  const { host, pathname } = new URL(url);
  return { title: `${host}${pathname}`, spec: { kind: 'http', url, statuses: status, contains, headers } };
}

/** `web:80/healthz` is short for a name, a port and a path. */
function readService(where: string, given: unknown, elsewhere: Elsewhere): Kind<ServiceSpec> {
  const [, short = '', shortPort, rest] =
    (typeof given === 'string' && /^([^:/]*)(?::([^/]*))?(\/.*)?$/s.exec(given)) || [];
  const long = {
    name: short,
    ...(shortPort !== undefined && { port: shortPort }),
    ...(rest !== undefined && { path: rest }),
  };
  const { fields, problems } = readFields<ServiceKeys>(
    where,
    typeof given === 'string' ? long : given,
    SERVICE,
    elsewhere,
  );
  const { name, port, path = '/', scheme = 'http', status = [], contains = '' } = fields;
  if (name === undefined || port === undefined || problems.length > 0)
    return wrong(where, problems, given, { name, port });
  const [shownPath = ''] = path.split('?');
  const spec = { kind: 'service', service: name, port, path, scheme, statuses: status, contains } as const;
  return { title: `${name}:${port}${shownPath}`, spec };
}

function readPrometheus(where: string, given: unknown, elsewhere: Elsewhere): Kind<PrometheusSpec> {
  const { fields, problems } = readFields<PrometheusKeys>(where, given, PROMETHEUS, elsewhere);
  const { url, query, below, above, headers = {} } = fields;
  if (url === undefined || query === undefined || problems.length > 0)
    return wrong(where, problems, given, { url, query });
  if (below === undefined && above === undefined)
    return { problems: [`${where}: has no limit: write below, above or both`] };
  if (below !== undefined && above !== undefined && above >= below)
    return { problems: [`${where}: nothing is above ${above} and below ${below}: swap them`] };
  const limits = { ...(below !== undefined && { below }), ...(above !== undefined && { above }) };
  return { title: oneLine(query), spec: { kind: 'prometheus', url, query, ...limits, headers } };
}

function readCommand(where: string, given: unknown, elsewhere: Elsewhere): Kind<CommandSpec> {
  const { fields, problems } = readFields<CommandKeys>(
    where,
    isFields(given) ? given : { argv: given },
    COMMAND,
    elsewhere,
  );
  const { argv, environment = {} } = fields;
  if (argv === undefined || problems.length > 0) return wrong(where, problems, given, { argv });
  return { title: oneLine(argv.join(' ')), spec: { kind: 'command', argv, environment } };
}

/** The problems, and each needed key that is not there at all. */
function wrong(where: string, problems: readonly string[], given: unknown, needed: Fields): Kind<never> {
  const missing = Object.keys(needed).filter(
    (key) => needed[key] === undefined && !problems.some((problem) => problem.startsWith(`${where}: ${key} `)),
  );
  const absent = isFields(given) || problems.length === 0 ? missing : [];
  return { problems: [...problems, ...absent.map((key) => `${where}: ${key} is missing`)] };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
