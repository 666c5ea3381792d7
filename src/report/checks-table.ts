import type { CheckReport } from '../result.ts';
import { code, table, text } from './markdown.ts';

const LOOKS = { passed: 'passed', failed: '**failed**', inconclusive: '**inconclusive**', error: '**error**' } as const;

/** What a look that was no pass is called; a row counts as its mildest answer. */
const NO_PASS = {
  passed: 'failed',
  failed: 'failed',
  inconclusive: 'could not tell',
  error: 'could not look',
} as const;

/** One row a check: how it went, how often it looked, and what it saw last. */
export function checksTable(checks: readonly CheckReport[]): string {
  const rows = checks.map(({ name, state, passes, failures, message }) => [
    code(name),
    state === 'not-run' ? 'not run' : LOOKS[state],
    state === 'not-run' ? '' : `${passes} passed, ${failures} ${NO_PASS[state]}`,
    text(message),
  ]);
  return table(['Check', 'Result', 'Looks', 'Last answer'], rows);
}
