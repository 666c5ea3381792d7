import { plainLine } from '../foreign/plain-text.ts';
import { redactResult } from '../foreign/redact-result.ts';
import { passes } from '../outcome.ts';
import type { Result } from '../result.ts';
import { title } from './headline.ts';
import { missingBlockLine } from './missing-block.ts';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

/** The runner cuts longer messages (actions/runner, ExecutionContext.cs). */
const LONGEST_MESSAGE = 4096;
const LONGEST_TITLE = 200;

/** What GitHub shows above the log: one verdict, then drift and warnings, each gathered into one. All plain text. */
export function toAnnotations(uncleaned: Result): readonly Annotation[] {
  const result = redactResult(uncleaned);
  const { workloads } = result;
  const drift = workloads.flatMap((each) => each.drift.map((sentence) => `${each.workload}: ${sentence}`));
  const warnings = workloads.flatMap((each) => each.warnings.map((sentence) => `${each.workload}: ${sentence}`));
  const missing = result.gate.blocks.filter(({ state }) => state === 'missing');
  return [
    annotation(passes(result) ? 'notice' : 'error', title(result), result.message),
    ...missing.map(({ release, problem }) =>
      annotation(
        // Nobody asks the gate who names no environment.
        result.environment === '' ? 'warning' : 'error',
        `The block of ${release} is missing`,
        missingBlockLine({ ...result, release }, problem),
      ),
    ),
    ...(drift.length > 0 ? [annotation('warning', 'Ledger and cluster disagree', drift.join('\n'))] : []),
    ...(warnings.length > 0 ? [annotation('warning', 'Warnings of the rollout', warnings.join('\n'))] : []),
    ...(result.gate.warnings.length > 0
      ? [annotation('warning', 'Warnings of the gate', result.gate.warnings.join('\n'))]
      : []),
  ];
}

function annotation(level: Annotation['level'], title: string, message: string): Annotation {
  const lines = message.split('\n').map((line) => plainLine(line));
  const whole = lines.join('\n') || title;
  const cut = whole.length > LONGEST_MESSAGE ? `${whole.slice(0, LONGEST_MESSAGE - 1)}…` : whole;
  return { level, title: plainLine(title, LONGEST_TITLE), message: cut };
}
