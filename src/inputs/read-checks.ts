import { showRelease } from '../release/release-text.ts';
import { KINDS } from './check-kinds.ts';
import type { CheckSpec, CheckTimes } from './checks.ts';
import { isFields, kindOf, type Rules, readFields, shown } from './fields.ts';
import { duration, integer, line } from './rules.ts';
import { parseYamlInput } from './yaml-input.ts';

const KIND_NAMES = Object.keys(KINDS) as readonly (keyof typeof KINDS)[];

interface TimeKeys {
  readonly name: string;
  readonly timeout: number;
  readonly interval: number;
  readonly threshold: number;
}

const TIMES: Rules<TimeKeys> = {
  name: line(80),
  timeout: duration('5s', 100, 600_000),
  interval: duration('5s', 100, 3_600_000),
  threshold: integer(1, 100),
};
const DEFAULTS = { timeoutMs: 5_000, intervalMs: 5_000, threshold: 3 };
const MOST_CHECKS = 50;

/** Reads the input `verify`, a YAML list of checks; one line for each thing that is wrong. */
export async function readChecks(
  input: string,
): Promise<{ readonly checks: readonly CheckSpec[]; readonly problems: readonly string[] }> {
  const { value, problems: unreadable } = await parseYamlInput('verify', input);
  if (value === undefined) return { checks: [], problems: unreadable };
  if (!Array.isArray(value))
    return { checks: [], problems: [`verify is ${kindOf(value)}: write a list, each check behind a dash`] };
  if (value.length > MOST_CHECKS)
    return { checks: [], problems: [`verify has ${value.length} checks: use ${MOST_CHECKS} or fewer`] };
  const read = value.map((item, index) => readCheck(`check ${index + 1}`, item));
  const checks = read.flatMap((each) => ('check' in each ? [each.check] : []));
  const problems = read.flatMap((each) => ('problems' in each ? each.problems : []));
  return { checks, problems: [...problems, ...sharedNames(checks)] };
}

function readCheck(
  which: string,
  item: unknown,
): { readonly check: CheckSpec } | { readonly problems: readonly string[] } {
  const where = `verify: ${which}`;
  const kinds = isFields(item) ? KIND_NAMES.filter((kind) => Object.hasOwn(item, kind)) : [];
  const [kind, ...others] = kinds;
  if (!isFields(item) || kind === undefined)
    return { problems: [`${where}: is of no kind: write ${KIND_NAMES.join(': …, ')}: …`] };
  if (others.length > 0)
    return { problems: [`${where}: is of several kinds (${kinds.join(', ')}): make each a check`] };
  const { [kind]: settings, ...common } = item;
  const { rules, read: readKind } = KINDS[kind];
  const { fields, problems } = readFields<TimeKeys>(where, common, TIMES, {
    keys: Object.keys(rules),
    hint: `stands below ${kind}`,
  });
  const read = readKind(`${where} (${kind})`, settings, { keys: Object.keys(TIMES), hint: `stands beside ${kind}` });
  if ('problems' in read) return { problems: [...problems, ...read.problems] };
  if (problems.length > 0) return { problems };
  const times: CheckTimes = {
    name: fields.name ?? showRelease(`${kind} ${read.title}`),
    timeoutMs: fields.timeout ?? DEFAULTS.timeoutMs,
    intervalMs: fields.interval ?? DEFAULTS.intervalMs,
    threshold: fields.threshold ?? DEFAULTS.threshold,
  };
  return { check: { ...times, ...read.spec } as CheckSpec };
}

function sharedNames(checks: readonly CheckSpec[]): readonly string[] {
  const names = checks.map(({ name }) => name);
  const shared = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...shared].map((name) => `verify: two checks are named ${shown(name)}: give each a name of its own`);
}
