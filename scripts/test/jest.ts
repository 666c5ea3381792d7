import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Counts } from './counts.ts';
import { runStep } from './step.ts';

/** Runs jest and counts tests by its JSON report. A run that fails without a failed test counts as one failure. */
export async function runJest(jestArguments: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Counts> {
  const folder = await mkdtemp(join(tmpdir(), 'rollkey-jest-'));
  const report = join(folder, 'report.json');
  try {
    const succeeded = await runStep(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        '--experimental-vm-modules',
        'node_modules/jest/bin/jest.js',
        '--json',
        `--outputFile=${report}`,
        ...jestArguments,
      ],
      { env, stdout: 'ignore' },
    );
    return readReport(await readFile(report, 'utf8').catch(() => '{}'), succeeded);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Counts from jest's JSON report: test files that could not run count as one failure each. */
export function readReport(report: string, succeeded: boolean): Counts {
  const numbers: Partial<Record<string, number>> = JSON.parse(report);
  const failed = (numbers['numFailedTests'] ?? 0) + (numbers['numRuntimeErrorTestSuites'] ?? 0);
  return {
    passed: numbers['numPassedTests'] ?? 0,
    failed: failed === 0 && !succeeded ? 1 : failed,
    skipped: (numbers['numPendingTests'] ?? 0) + (numbers['numTodoTests'] ?? 0),
  };
}
