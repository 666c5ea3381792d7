import { ClusterError, errorMessage, InputError } from './errors.ts';
import type { Runner } from './github/runner.ts';
import { type ClusterInputs, readClusterInputs, readTrainInputs, type TrainInputs } from './inputs/read-inputs.ts';
import { history } from './operations/history.ts';
import { plan } from './operations/plan.ts';
import { roll } from './operations/roll.ts';
import type { RollPorts } from './operations/roll-workload.ts';
import type { TrainRequest } from './operations/train-request.ts';
import { stoppedRun } from './operations/train-result.ts';
import { passes } from './outcome.ts';
import { nothingHappened, toOutputs } from './outputs.ts';
import type { WorkloadRef } from './ports.ts';
import { toAnnotations } from './report/annotations.ts';
import { formatHistory } from './report/history.ts';
import type { HistoryRow } from './report/history-row.ts';
import { safeLine } from './report/log-line.ts';
import { formatSummary } from './report/summary.ts';
import type { Result } from './result.ts';

/** The cluster of a run, once it is connected. */
export interface Connected extends RollPorts {
  /** The namespace of the kubeconfig's context. */
  readonly namespace: string;
  close(): void;
}

export type Connect = (inputs: ClusterInputs, runner: Runner) => Promise<Connected>;

/** Runs the root action (`roll`) or plan/ from inputs to outputs, summary and annotations. Never throws. */
export async function runTrain(action: 'roll' | 'plan', runner: Runner, connect: Connect): Promise<void> {
  setOutputs(runner, nothingHappened());
  const result = await rollTrain(action, runner, connect);
  setOutputs(runner, toOutputs(result));
  for (const annotation of toAnnotations(result)) runner.annotate(annotation);
  await writeSummary(runner, formatSummary(result));
  if (!passes(result.outcome)) runner.fail();
}

/** Runs history/: the table in the summary, the rows as JSON. Never throws. */
export async function runHistory(runner: Runner, connect: Connect): Promise<void> {
  runner.output('history', '[]');
  try {
    const inputs = readClusterInputs(runner.input);
    const rows = await withCluster(inputs, runner, connect, (ports, refs) => history(ports, refs));
    runner.output('history', JSON.stringify(rows));
    runner.output('live-release', sharedRelease(inputs, rows, 'live'));
    runner.output('last-good-release', sharedRelease(inputs, rows, 'lastGood'));
    await writeSummary(runner, formatHistory(rows, Date.now()));
  } catch (error) {
    const message = safeLine(errorMessage(error));
    runner.annotate({ level: 'error', title: 'The history could not be read', message });
    runner.fail();
  }
}

/** What was done stands, whether or not it can be shown. */
async function writeSummary(runner: Runner, markdown: string): Promise<void> {
  try {
    await runner.writeSummary(markdown);
  } catch (error) {
    runner.log.warn(`the summary could not be written: ${errorMessage(error)}`);
  }
}

/** The release that has the mark on every workload; empty where they differ. */
function sharedRelease({ deployments }: ClusterInputs, rows: readonly HistoryRow[], mark: 'live' | 'lastGood'): string {
  const marked = rows.filter((row) => row[mark]);
  const [release = '', ...others] = new Set(
    deployments.map((name) => marked.find(({ workload }) => workload === `deployment/${name}`)?.release ?? ''),
  );
  return others.length === 0 ? release : '';
}

async function rollTrain(action: 'roll' | 'plan', runner: Runner, connect: Connect): Promise<Result> {
  const { trigger, actor, runUrl } = runner.context;
  const about = { release: runner.input('release'), reason: runner.input('reason'), trigger, actor, runUrl };
  try {
    const inputs = readTrainInputs(runner.input);
    const operation = action === 'plan' || inputs.dryRun ? plan : roll;
    return await withCluster(inputs, runner, connect, (ports, refs) =>
      operation(ports, toRequest(inputs, refs, about)),
    );
  } catch (error) {
    if (!(error instanceof InputError || error instanceof ClusterError) && error instanceof Error)
      runner.log.debug(error.stack ?? error.message);
    return stoppedRun(about, error);
  }
}

async function withCluster<T>(
  inputs: ClusterInputs,
  runner: Runner,
  connect: Connect,
  operation: (ports: RollPorts, refs: readonly WorkloadRef[]) => Promise<T>,
): Promise<T> {
  const connected = await connect(inputs, runner);
  try {
    const namespace = inputs.namespace || connected.namespace;
    return await operation(
      connected,
      inputs.deployments.map((name) => ({ kind: 'deployment', namespace, name })),
    );
  } finally {
    connected.close();
  }
}

function toRequest(
  { mode, images, allowGitopsDrift, timeoutMs }: TrainInputs,
  refs: readonly WorkloadRef[],
  about: Pick<TrainRequest, 'release' | 'reason' | 'trigger' | 'actor' | 'runUrl'>,
): TrainRequest {
  return { ...about, refs, requested: mode, images, allowGitopsDrift, timeoutMs };
}

function setOutputs(runner: Runner, outputs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(outputs)) runner.output(name, value);
}
