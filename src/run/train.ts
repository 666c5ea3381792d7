import { ClusterError, InputError } from '../errors.ts';
import { redactResult } from '../foreign/redact-result.ts';
import type { Runner } from '../github/runner.ts';
import { secretsOf } from '../inputs/check-secrets.ts';
import type { CheckSpec } from '../inputs/checks.ts';
import { type ClusterInputs, readTrainInputs, type TrainInputs } from '../inputs/read-inputs.ts';
import { plan } from '../operations/plan.ts';
import { roll } from '../operations/roll.ts';
import type { RollPorts } from '../operations/roll-workload.ts';
import type { ChecksAbout, TrainRequest } from '../operations/train-request.ts';
import { cancelledRun, stoppedRun } from '../operations/train-result.ts';
import { passes } from '../outcome.ts';
import { nothingHappened, toOutputs } from '../outputs.ts';
import type { Check, Gate, WorkloadRef } from '../ports.ts';
import { toAnnotations } from '../report/annotations.ts';
import { formatSummary } from '../report/summary.ts';
import type { Result } from '../result.ts';
import { setOutputs, writeSummary } from './tell-runner.ts';

/** The cluster of a run, once it is connected. */
export interface Connected extends RollPorts {
  /** The namespace of the kubeconfig's context. */
  readonly namespace: string;
  checks(specs: readonly CheckSpec[], about: ChecksAbout): Promise<readonly Check[]>;
  close(): void;
}

export type Connect = (inputs: ClusterInputs, runner: Runner) => Promise<Connected>;

/** Gives the promotion gate at once: what it needs is loaded in the background. */
export type OpenGate = (token: string, runner: Runner) => Gate;

/** Runs the root action (`roll`) or plan/, which has no gate, from inputs to outputs, summary and annotations. Never throws. */
export async function runTrain(
  action: 'roll' | 'plan',
  runner: Runner,
  connect: Connect,
  openGate?: OpenGate,
): Promise<void> {
  setOutputs(runner, nothingHappened());
  const about = aboutOf(runner);
  const rolled = rollTrain(action, runner, { connect, openGate }, about);
  const result = await Promise.race([rolled, tooLate(runner.interrupt).then(() => cancelledRun(about))]);
  setOutputs(runner, toOutputs(result));
  for (const annotation of toAnnotations(result)) runner.annotate(annotation);
  await writeSummary(runner, formatSummary(result));
  if (!passes(result, isSoft(runner, result))) runner.fail();
  // Requests that nobody answers would hold the process until the runner kills it.
  if (runner.interrupt.aborted) runner.leave();
}

function aboutOf({ context, input }: Runner): About {
  const { trigger, actor, runUrl, runId } = context;
  return {
    ...{ trigger, actor, runUrl, runId, release: input('release'), reason: input('reason') },
    ...{ environment: input('environment'), scope: input('scope') },
  };
}

/** GitHub's runner gives a cancelled step 7.5 s after SIGINT before it goes on to SIGTERM (actions/runner, ProcessInvoker.cs). */
const GRACE_MS = 5_000;

/** Resolves when a cancelled run can wait no longer for the API; never for a run that is not cancelled. */
async function tooLate(interrupt: AbortSignal): Promise<void> {
  await new Promise((resolve) => interrupt.addEventListener('abort', resolve, { once: true }));
  await new Promise((resolve) => setTimeout(resolve, GRACE_MS).unref());
}

/** Whether a run that had to roll back passes: not where only its failure would keep the release from what comes next. */
function isSoft(runner: Runner, { environment, gate }: Result): boolean {
  const unheld = environment !== '' && gate.blocks.some(({ state }) => state === 'missing');
  return runner.input('fail-on-rollback').toLowerCase() === 'false' && !unheld;
}

async function rollTrain(
  action: 'roll' | 'plan',
  runner: Runner,
  { connect, openGate }: { readonly connect: Connect; readonly openGate: OpenGate | undefined },
  about: About,
): Promise<Result> {
  try {
    const inputs = await readTrainInputs(runner.input);
    secretsOf(inputs.checks).forEach(runner.mask);
    const dry = action === 'plan' || inputs.dryRun;
    return await withCluster(inputs, runner, connect, async (connected, refs) => {
      const request = toRequest(inputs, refs, connected, about);
      const gate = !dry && inputs.token !== '' ? openGate?.(inputs.token, runner) : undefined;
      const result = await (dry ? plan(connected, request) : roll({ ...connected, ...(gate && { gate }) }, request));
      return redactResult(result, connected.secrets);
    });
  } catch (error) {
    if (!(error instanceof InputError || error instanceof ClusterError) && error instanceof Error)
      runner.log.debug(error.stack ?? error.message);
    return stoppedRun(about, error);
  }
}

/** Runs an operation on the workloads that the inputs name, and closes the connection after it. Throws what it throws. */
export async function withCluster<T>(
  inputs: ClusterInputs,
  runner: Runner,
  connect: Connect,
  operation: (connected: Connected, refs: readonly WorkloadRef[]) => Promise<T>,
): Promise<T> {
  const connected = await connect(inputs, runner);
  try {
    const namespace = inputs.namespace || connected.namespace;
    return await operation(
      connected,
      inputs.workloads.map((workload) => ({ ...workload, namespace })),
    );
  } finally {
    connected.close();
  }
}

type About = Pick<
  TrainRequest,
  'release' | 'reason' | 'environment' | 'scope' | 'trigger' | 'actor' | 'runUrl' | 'runId'
>;

function toRequest(
  inputs: TrainInputs,
  refs: readonly WorkloadRef[],
  connected: Connected,
  about: About,
): TrainRequest {
  const { mode, images, allowGitopsDrift, forcedRollback, timeoutMs, failFast, updateConfig, rollbackConfig, checks } =
    inputs;
  const { scope, trust, blockOnRollback } = inputs;
  const policyOf = ({ maxFailureRatio, monitorMs }: typeof updateConfig) => ({ failFast, maxFailureRatio, monitorMs });
  return {
    ...about,
    ...{ refs, requested: mode, images, allowGitopsDrift, forcedRollback, timeoutMs, scope, trust, blockOnRollback },
    update: { failureAction: updateConfig.failureAction, policy: policyOf(updateConfig) },
    limits: updateConfig,
    rollbackLimits: rollbackConfig,
    rollback: policyOf(rollbackConfig),
    canary: inputs.canary && { ...inputs.canary, to: 'next' },
    checks: (told) => connected.checks(checks, told),
  };
}
