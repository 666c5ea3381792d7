import { errorMessage } from './errors.ts';
import type { Runner } from './github/runner.ts';
import { readClusterInputs } from './inputs/read-inputs.ts';
import { roll } from './operations/roll.ts';
import type { Returning } from './operations/roll-workload.ts';
import { toAnnotations } from './report/annotations.ts';
import { safeLine } from './report/log-line.ts';
import { formatSummary } from './report/summary.ts';
import type { Connect } from './run.ts';

/** GitHub gives the steps after a cancelled one five minutes in all. */
const LONGEST_MS = 60_000;
const POLICY = { failFast: 'balanced', maxFailureRatio: 0, monitorMs: 0 } as const;

/**
 * Sees automatic rollbacks to their end that a cancelled run had begun: writes what it did not come to write, and waits
 * for a minute at most. `kept` is what the run remembered, empty where it had begun none. Never throws.
 */
export async function finishReturning(kept: string, runner: Runner, connect: Connect): Promise<void> {
  if (kept === '') return;
  const { trigger, actor, runUrl } = runner.context;
  try {
    const returning = JSON.parse(kept) as readonly Returning[];
    const ports = await connect(readClusterInputs(runner.input), runner);
    try {
      for (const [release, workloads = []] of Object.entries(Object.groupBy(returning, (each) => each.release))) {
        const result = await roll(ports, {
          ...{ release, trigger, actor, runUrl, refs: workloads.map(({ ref }) => ref) },
          ...{ requested: 'rollback', images: [], allowGitopsDrift: true, timeoutMs: LONGEST_MS },
          update: { failureAction: 'continue', policy: POLICY },
          limits: {},
          rollback: POLICY,
          checks: async () => [],
          reason: 'the run that began this rollback was cancelled',
        });
        for (const annotation of toAnnotations(result)) runner.annotate(annotation);
        await runner.writeSummary(formatSummary(result));
      }
    } finally {
      ports.close();
    }
  } catch (error) {
    const message = safeLine(`a rollback was begun and not seen to its end: ${errorMessage(error)}; roll back by name`);
    runner.annotate({ level: 'error', title: 'The rollback is not finished', message });
  }
}
