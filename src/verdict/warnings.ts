import { RULES } from './rules.ts';
import type { Signal } from './signal.ts';

/** What is worth saying now, each once, in words that do not change with the pods that it happens to. */
export function warningsOf(signals: readonly Signal[], at: number): readonly string[] {
  const due = signals.filter(({ sign, since }) => {
    const { warnAfterMs } = RULES[sign];
    return warnAfterMs !== undefined && at - since >= warnAfterMs;
  });
  return [...new Set(due.map(({ clause }) => clause))];
}
