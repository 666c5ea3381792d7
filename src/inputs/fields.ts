import { showRelease } from '../release/release-text.ts';

/** A map of a YAML document. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a rule makes of a value. A problem is a clause that follows the key's name: `is no number: write 0.2`. */
export type Reading<T> = { readonly value: T } | { readonly problem: string };
export type Rule<T> = (value: unknown) => Reading<T>;
export type Rules<T> = { readonly [K in keyof T]-?: Rule<T[K]> };

/** Keys that are known, but in another place: `hint` says where. */
export interface Elsewhere {
  readonly keys: readonly string[];
  readonly hint: string;
}

const MOST_UNKNOWN = 5;
const NOWHERE: Elsewhere = { keys: [], hint: '' };

/** Reads the keys that are there by their rules; `where` begins every problem: `verify: check 1 (http)`. */
export function readFields<T extends object>(
  where: string,
  value: unknown,
  rules: Rules<T>,
  elsewhere = NOWHERE,
): { readonly fields: Partial<T>; readonly problems: readonly string[] } {
  const known: readonly string[] = Object.keys(rules);
  if (!isFields(value))
    return { fields: {}, problems: [`${where}: is ${kindOf(value)}: write keys (${known.join(', ')})`] };
  const fields: Partial<T> = {};
  const problems = unknownKeys(value, known).map((key) => {
    const hint = elsewhere.keys.includes(key) ? elsewhere.hint : `is unknown: use ${known.join(', ')}`;
    return `${where}: ${showRelease(key)} ${hint}`;
  });
  for (const key of known as readonly (keyof T & string)[]) {
    if (!Object.hasOwn(value, key)) continue;
    const reading =
      value[key] === null ? { problem: 'is empty: give it a value, or leave it out' } : rules[key](value[key]);
    if ('problem' in reading) problems.push(`${where}: ${key} ${reading.problem}`);
    else fields[key] = reading.value;
  }
  return { fields, problems };
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value for a message: text and numbers as they are, of everything else only what it is. */
export function shown(value: unknown): string {
  return typeof value === 'string' ? `"${showRelease(value)}"` : kindOf(value);
}

/** What a value is, for messages about one that may hold a secret. */
export function kindOf(value: unknown): string {
  if (typeof value === 'string') return 'text';
  if (Array.isArray(value)) return 'a list';
  return isFields(value) ? 'a map' : String(value);
}

function unknownKeys(value: Fields, known: readonly string[]): string[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .slice(0, MOST_UNKNOWN);
}
