import { UNPRINTABLE } from '../release/release-text.ts';
import { parseComposeDuration } from './compose-duration.ts';
import { isFields, kindOf, type Reading, type Rule, shown } from './fields.ts';

/** One of some words. */
export function oneOf<const T extends string>(words: readonly T[]): Rule<T> {
  return (value) => {
    const word = words.find((known) => known === value);
    return word === undefined ? { problem: `${shown(value)} is unknown: use ${words.join(', ')}` } : { value: word };
  };
}

export function number(least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY): Rule<number> {
  const range = Number.isFinite(least) ? ` from ${least} to ${most}` : '';
  return (value) =>
    typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most
      ? { value }
      : { problem: `${shown(value)} is no number${range}: write it without quotes` };
}

export function integer(least: number, most: number): Rule<number> {
  return (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? { value: value as number }
      : { problem: `${shown(value)} is no whole number from ${least} to ${most}` };
}

/** Milliseconds; `example` is what to write instead of a wrong one. */
export function duration(example: string, leastMs = 0, mostMs = Number.POSITIVE_INFINITY): Rule<number> {
  return (value) => {
    const ms = parseComposeDuration(value);
    if (ms === undefined) return { problem: `${shown(value)} is no duration: write ${example}` };
    if (ms < leastMs) return { problem: `${shown(value)} is too short: write ${leastMs}ms or more` };
    return ms > mostMs ? { problem: `${shown(value)} is too long: write ${mostMs / 60_000}m or less` } : { value: ms };
  };
}

/** Text of one line; it is not repeated in a problem. */
export function line(longest: number): Rule<string> {
  return (value) => {
    const read = text(longest)(value);
    if ('problem' in read || read.value.search(UNPRINTABLE) < 0) return read;
    return { problem: 'has a line end, control or invisible character: remove it' };
  };
}

/** Text; it is not repeated in a problem. */
export function text(longest: number): Rule<string> {
  return (value) => {
    if (typeof value !== 'string') return { problem: `is ${kindOf(value)}, not text: put it into quotes` };
    if (value.trim() === '') return { problem: 'is empty: give it a value, or leave it out' };
    return value.length > longest ? { problem: `is longer than ${longest} characters: shorten it` } : { value };
  };
}

/** Items that each follow a rule; one item that is no list is a list of one. */
export function listOf<T>(rule: Rule<T>, most: number): Rule<readonly T[]> {
  return (value) => {
    const items = Array.isArray(value) ? value : [value];
    if (items.length === 0) return { problem: 'is an empty list: give it a value, or leave it out' };
    if (items.length > most) return { problem: `has ${items.length} items: use ${most} or fewer` };
    return all(items.map(rule));
  };
}

/** A map of texts; numbers and booleans count as text. `check` looks at one entry and never repeats the value. */
export function textMap(
  most: number,
  check: (name: string, value: string) => string | undefined,
): Rule<Readonly<Record<string, string>>> {
  return (value) => {
    if (!isFields(value)) return { problem: 'is no map: write name: value lines' };
    const entries = Object.entries(value);
    if (entries.length > most) return { problem: `has ${entries.length} entries: use ${most} or fewer` };
    const read = entries.map(([name, each]): Reading<readonly [string, string]> => {
      if (!['string', 'number', 'boolean'].includes(typeof each))
        return { problem: `has a value that is no text: ${name}` };
      const problem = check(name, String(each));
      return problem === undefined ? { value: [name, String(each)] } : { problem };
    });
    const result = all(read);
    return 'problem' in result ? result : { value: Object.fromEntries(result.value) };
  };
}

function all<T>(readings: readonly Reading<T>[]): Reading<readonly T[]> {
  const wrong = readings.find((reading) => 'problem' in reading);
  if (wrong) return wrong;
  return { value: readings.flatMap((reading) => ('value' in reading ? [reading.value] : [])) };
}
