import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const variables = {
  output: 'GITHUB_OUTPUT',
  state: 'GITHUB_STATE',
  env: 'GITHUB_ENV',
  path: 'GITHUB_PATH',
  summary: 'GITHUB_STEP_SUMMARY',
} as const;

type FileName = keyof typeof variables;

/** The files by which a step speaks to the runner. */
export interface CommandFiles {
  /** What the step finds them by. */
  readonly environment: Readonly<Record<string, string>>;
  /** What the step wrote, as text. */
  readonly text: (name: FileName) => string;
  /** What the step wrote, as names and values. */
  readonly values: (name: 'output' | 'state' | 'env') => Readonly<Record<string, string>>;
}

/** Makes a step's empty command files in a folder. */
export function makeCommandFiles(folder: string, step: string): CommandFiles {
  const path = (name: FileName) => join(folder, `${step}-${name}`);
  const names = Object.keys(variables) as FileName[];
  for (const name of names) closeSync(openSync(path(name), 'w'));
  const text = (name: FileName) => readFileSync(path(name), 'utf8');
  return {
    environment: Object.fromEntries(names.map((name) => [variables[name], path(name)])),
    text,
    values: (name) => parseValues(text(name)),
  };
}

/**
 * Parses `name=value` and `name<<delimiter`, lines, delimiter, as the runner does (actions/runner, FileCommandManager.cs).
 * Throws where the runner would fail the step.
 */
export function parseValues(text: string): Readonly<Record<string, string>> {
  const lines = text.replace(/\n$/, '').split('\n');
  const values: Record<string, string> = {};
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line.trim() === '') continue;
    const [, name = '', sign, rest = ''] = /^(.*?)(=|<<)(.*)$/.exec(line) ?? [];
    if (name === '' || sign === undefined) throw new Error(`Invalid format '${line}'`);
    if (sign === '=') {
      values[name] = rest;
      continue;
    }
    const end = lines.indexOf(rest, index + 1);
    if (end < 0) throw new Error(`Matching delimiter not found '${rest}'`);
    values[name] = lines.slice(index + 1, end).join('\n');
    index = end;
  }
  return values;
}
