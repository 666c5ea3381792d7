import { showRelease } from '../release/release-text.ts';

/** What is wrong with an input that is to be true or false; undefined for these, and for an empty one. */
export function booleanProblem(input: string, value: string): string | undefined {
  return /^(|true|false)$/i.test(value) ? undefined : `${input} "${showRelease(value)}" is neither true nor false`;
}

export function isTrue(value: string): boolean {
  return value.toLowerCase() === 'true';
}

export function isFalse(value: string): boolean {
  return value.toLowerCase() === 'false';
}
