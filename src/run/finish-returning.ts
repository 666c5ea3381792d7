import { errorMessage } from '../errors.ts';
import type { Runner } from '../github/runner.ts';
import { isTrue } from '../inputs/boolean.ts';
import { readEnvironmentTerms } from '../inputs/gate-terms.ts';
import { readClusterInputs } from '../inputs/read-inputs.ts';
import { giveBackLeftovers } from '../operations/give-back.ts';
import { recordDeployed } from '../operations/record-deployed.ts';
import { roll } from '../operations/roll.ts';
import type { Returning, RollPorts } from '../operations/roll-workload.ts';
import { survey } from '../operations/survey.ts';
import type { TrainRequest } from '../operations/train-request.ts';
import type { WorkloadRef } from '../ports.ts';
import { type Annotation, toAnnotations } from '../report/annotations.ts';
import { safeLine } from '../report/log-line.ts';
import { formatSummary } from '../report/summary.ts';
import type { Result } from '../result.ts';
import { templateDigest } from '../rollout/template.ts';
import { writeSummary } from './tell-runner.ts';
import type { Connect, OpenGate } from './train.ts';

/** GitHub gives the steps after a cancelled one five minutes in all. */
const LONGEST_MS = 60_000;
const REASON = 'the run that began this rollback was cancelled';
const POLICY = { failFast: 'balanced', maxFailureRatio: 0, monitorMs: 0 } as const;

/**
 * Sees automatic rollbacks to their end that a cancelled run had begun: writes what it did not come to write, and waits
 * for a minute at most. `kept` is what the run remembered, empty where it had begun none. Never throws.
 */
export async function finishReturning(
  kept: string,
  runner: Runner,
  connect: Connect,
  openGate?: OpenGate,
): Promise<void> {
  if (kept === '') return;
  try {
    const returning = JSON.parse(kept) as readonly Returning[];
    const ports = await connect(readClusterInputs(runner.input), runner);
    try {
      const open = await stillOpen(ports, returning, runner);
      const groups = Object.groupBy(open, (each) => each.release);
      const results = await Promise.all(
        Object.entries(groups).map(async ([release, workloads = []]) => {
          const refs = workloads.map(({ ref }) => ref);
          const result = await roll(ports, rollbackTo(release, refs, runner)).catch((error: unknown) => {
            runner.annotate(unfinished(error));
            return undefined;
          });
          if (!result) return [];
          const told = asComplete(result);
          for (const annotation of toAnnotations(told)) runner.annotate(annotation);
          await writeSummary(runner, formatSummary(told));
          return [result];
        }),
      );
      await record(ports, results.flat(), runner, openGate);
    } finally {
      ports.close();
    }
  } catch (error) {
    runner.annotate(unfinished(error));
  }
}

/** What was found back already is this rollback, which others began: not a run that changed nothing. */
function asComplete(result: Result): Result {
  return result.outcome === 'unchanged' ? { ...result, outcome: 'succeeded', reasonCode: 'rolled-out' } : result;
}

function rollbackTo(release: string, refs: readonly WorkloadRef[], { context, input }: Runner): TrainRequest {
  const { trigger, actor, runUrl, runId } = context;
  return {
    ...{ release, trigger, actor, runUrl, runId, refs },
    // Where it goes back to was decided before.
    ...{ ...readEnvironmentTerms(input).terms, blockOnRollback: false },
    ...{ requested: 'rollback', images: [], allowGitopsDrift: true, timeoutMs: LONGEST_MS },
    forcedRollback: isTrue(input('forced-rollback')),
    update: { failureAction: 'continue', policy: POLICY },
    limits: {},
    rollbackLimits: {},
    rollback: POLICY,
    checks: async () => [],
    reason: REASON,
  };
}

/** What the environment runs at last: the run itself could not say so. */
async function record(
  ports: RollPorts,
  results: readonly Result[],
  runner: Runner,
  openGate: OpenGate | undefined,
): Promise<void> {
  const [first] = results;
  const { terms } = readEnvironmentTerms(runner.input);
  if (!first || terms.token === '' || !openGate) return;
  const all = { ...first, workloads: results.flatMap(({ workloads }) => workloads) };
  const request = { ...runner.context, ...terms, reason: REASON };
  const unrecorded = await recordDeployed({ ...ports, gate: openGate(terms.token, runner) }, request, all, []);
  for (const message of unrecorded)
    runner.annotate({ level: 'warning', title: 'Warnings of the gate', message: safeLine(message) });
}

function unfinished(error: unknown): Annotation {
  const message = safeLine(`a rollback was begun and not seen to its end: ${errorMessage(error)}; roll back by name`);
  return { level: 'error', title: 'The rollback is not finished', message };
}

/** Post steps run at the end of the job: what somebody rolled since is theirs. */
async function stillOpen(
  ports: RollPorts,
  returning: readonly Returning[],
  runner: Runner,
): Promise<readonly Returning[]> {
  const surveys = await Promise.all(returning.map(({ ref }) => survey(ports, ref)));
  await giveBackLeftovers(ports, surveys);
  return returning.filter(({ from, to, release }, index) => {
    const live = surveys[index]?.state.live;
    const digest = live && templateDigest(live.template);
    if (digest === from || digest === to) return true;
    const workload = surveys[index]?.state.workload ?? '';
    const message = `${workload}: not taken back to ${release}, since somebody rolled ${live?.label ?? ''} meanwhile`;
    runner.annotate({ level: 'warning', title: 'The rollback is not finished', message: safeLine(message) });
    return false;
  });
}
