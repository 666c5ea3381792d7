import type { CheckReport } from '../result.ts';
import { code, table, text } from './markdown.ts';

const LOOKS = { passed: 'passed', failed: '**failed**', inconclusive: '**inconclusive**', error: '**error**' } as const;

/** One row a check: how it went, how often it looked, and what it saw last. */
export function checksTable(checks: readonly CheckReport[]): string {
  const rows = checks.map(({ name, state, passes, failures, message }) => [
    code(name),
    state === 'not-run' ? 'not run' : LOOKS[state],
    state === 'not-run' ? '' : `${passes} passed, ${failures} failed`,
    text(message),
  ]);
  return table(['Check', 'Result', 'Looks', 'Last answer'], rows);
}
