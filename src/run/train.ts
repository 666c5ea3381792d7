import { ClusterError, InputError } from '../errors.ts';
import { redactResult } from '../foreign/redact-result.ts';
import type { Runner } from '../github/runner.ts';
import { previewChecks } from '../inputs/blue-green.ts';
import { secretsOf } from '../inputs/check-secrets.ts';
import type { CheckSpec } from '../inputs/checks.ts';
import { type AbortInputs, readAbortInputs, readPromoteInputs } from '../inputs/read-held-inputs.ts';
import { type ClusterInputs, readTrainInputs, type TrainInputs } from '../inputs/read-inputs.ts';
import { blueGreen } from '../operations/blue-green.ts';
import type { BlueGreenPorts, BlueGreenRequest } from '../operations/blue-green-request.ts';
import { plan } from '../operations/plan.ts';
import { planBlueGreen } from '../operations/plan-blue-green.ts';
import { reviewerReason } from '../operations/reviewer-reason.ts';
import { roll } from '../operations/roll.ts';
import type { ChecksAbout, TrainRequest } from '../operations/train-request.ts';
import { cancelledRun, stoppedRun } from '../operations/train-result.ts';
import { lacksBlock, passes } from '../outcome.ts';
import { nothingHappened, toOutputs } from '../outputs.ts';
import type { Check, Gate, Reviews, WorkloadRef } from '../ports.ts';
import { toAnnotations } from '../report/annotations.ts';
import { formatSummary } from '../report/summary.ts';
import type { Result } from '../result.ts';
import { setOutputs, writeSummary } from './tell-runner.ts';

/** The cluster of a run, once it is connected. */
export interface Connected extends BlueGreenPorts {
  /** The namespace of the kubeconfig's context. */
  readonly namespace: string;
  checks(specs: readonly CheckSpec[], about: ChecksAbout): Promise<readonly Check[]>;
  close(): void;
}

export type Connect = (inputs: ClusterInputs, runner: Runner) => Promise<Connected>;

/** Gives the promotion gate at once: what it needs is loaded in the background. */
export type OpenGate = (token: string, runner: Runner) => Gate;

export type OpenReviews = (token: string, runner: Runner) => Reviews;

/** What a run reaches the world by; plan/ has no gate, and only abort/ asks reviewers. */
export interface Doors {
  readonly connect: Connect;
  readonly openGate?: OpenGate;
  readonly openReviews?: OpenReviews;
}

const READERS = {
  roll: readTrainInputs,
  plan: readTrainInputs,
  promote: readPromoteInputs,
  abort: readAbortInputs,
} as const;

/** Runs the root action (`roll`), plan/, promote/ or abort/, from inputs to outputs, summary and annotations. Never throws. */
export async function runTrain(action: keyof typeof READERS, runner: Runner, doors: Doors): Promise<void> {
  setOutputs(runner, nothingHappened());
  const about = aboutOf(runner);
  const rolled = rollTrain(action, runner, doors, about);
  const result = await Promise.race([rolled, tooLate(runner.interrupt).then(() => cancelledRun(about))]);
  setOutputs(runner, toOutputs(result));
  for (const annotation of toAnnotations(result)) runner.annotate(annotation);
  await writeSummary(runner, formatSummary(result));
  if (fails(runner, result)) runner.fail();
}

function aboutOf({ context, input }: Runner): About {
  const { trigger, actor, runUrl, runId, runAttempt } = context;
  return {
    ...{ trigger, actor, runUrl, runId, runAttempt, release: input('release'), reason: input('reason') },
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

/** Whether the job fails; also where only that keeps what was taken back from the next environment. */
function fails(runner: Runner, result: Result): boolean {
  const unheld = lacksBlock(result);
  const soft = runner.input('fail-on-rollback').toLowerCase() === 'false' && !unheld;
  return !passes(result, soft) || (result.outcome === 'aborted' && unheld);
}

async function rollTrain(
  action: keyof typeof READERS,
  runner: Runner,
  { connect, openGate, openReviews }: Doors,
  about: About,
): Promise<Result> {
  try {
    const inputs = await READERS[action](runner.input);
    secretsOf(inputs.checks).forEach(runner.mask);
    const dry = action === 'plan' || inputs.dryRun;
    return await withCluster(inputs, runner, connect, async (connected, refs) => {
      const reviews = inputs.token === '' ? undefined : openReviews?.(inputs.token, runner);
      const reason = await reasonOf(inputs, connected, about, reviews);
      const request = toRequest(inputs, refs, connected, { ...about, reason });
      const gate = !dry && inputs.token !== '' ? openGate?.(inputs.token, runner) : undefined;
      const ports = { ...connected, ...(gate && { gate }) };
      const pair = toPair(inputs, request, connected);
      const result = await (pair
        ? (dry ? planBlueGreen : blueGreen)(ports, pair)
        : (dry ? plan : roll)(ports, request));
      return redactResult(result, connected.secrets);
    });
  } catch (error) {
    if (!(error instanceof InputError || error instanceof ClusterError) && error instanceof Error)
      runner.log.debug(error.stack ?? error.message);
    return stoppedRun(about, error);
  }
}

/** Whoever takes a canary back may do so for a reviewer who said no. */
async function reasonOf(
  inputs: TrainInputs | AbortInputs,
  connected: Connected,
  { runId, reason }: About,
  reviews: Reviews | undefined,
): Promise<string> {
  if (!reviews || !('reviewEnvironment' in inputs)) return reason;
  return reviewerReason({ ...connected, reviews }, { runId, environment: inputs.reviewEnvironment, reason });
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
  'release' | 'reason' | 'environment' | 'scope' | 'trigger' | 'actor' | 'runUrl' | 'runId' | 'runAttempt'
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
  const policyOf = ({ maxFailureRatio, monitorMs }: typeof updateConfig, level = failFast) => ({
    ...{ failFast: level, maxFailureRatio, monitorMs },
  });
  return {
    ...about,
    ...{ refs, requested: mode, images, allowGitopsDrift, forcedRollback, timeoutMs, scope, trust, blockOnRollback },
    update: { failureAction: updateConfig.failureAction, policy: policyOf(updateConfig) },
    limits: updateConfig,
    rollbackLimits: rollbackConfig,
    // As with update_config: where nobody acts on a failure, only the deadline ends the wait.
    rollback: policyOf(rollbackConfig, rollbackConfig.failureAction === 'continue' ? 'off' : failFast),
    ...{ canary: inputs.canary, held: inputs.held },
    checks: (told) => connected.checks(checks, told),
  };
}

/** The request for a Service and its two Deployments; undefined where none is to be switched. */
function toPair(
  { blueGreen: named, checks }: TrainInputs,
  request: TrainRequest,
  connected: Connected,
): BlueGreenRequest | undefined {
  const [blue, green] = request.refs;
  if (!named || !blue || !green) return undefined;
  const { namespace } = blue;
  const { service, preview, scaleDownDelayMs } = named;
  return {
    ...request,
    pair: { blue, green },
    service: { namespace, name: service },
    ...(preview !== undefined && { preview: { namespace, name: preview } }),
    ...(scaleDownDelayMs !== undefined && { scaleDownDelayMs }),
    previewChecks: (told) => connected.checks(previewChecks(checks, named), told),
  };
}
