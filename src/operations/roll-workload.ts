import { ClusterError } from '../errors.ts';
import type { Clock, Cluster, LedgerStore, Log, StoredLedger } from '../ports.ts';
import { isMeantFor } from '../release/images.ts';
import type { DecidedMode } from '../release/mode.ts';
import type { WorkloadResult } from '../result.ts';
import type { Deployment } from '../rollout/objects.ts';
import { progressing } from '../rollout/status.ts';
import { recordIntent, recordUnwritten, recordVerdict } from './journal.ts';
import { imageTarget, prepare, type Step, type Train } from './prepare.ts';
import type { TrainRequest } from './train-request.ts';
import { type RolloutEnd, watchRollout } from './watch-rollout.ts';
import { outrunResult, rolledResult, unchangedResult, unseenResult } from './workload-result.ts';
import { type Written, writeTemplate } from './write-template.ts';

export interface RollPorts {
  readonly cluster: Cluster;
  readonly ledgers: LedgerStore;
  readonly clock: Clock;
  readonly log: Log;
}

type Attempt =
  | { readonly kind: 'ended'; readonly result: WorkloadResult }
  | { readonly kind: 'outrun'; readonly by: string };

/**
 * Brings one workload onto the train's release: intent into the ledger, one write, watch, verdict into the ledger. Where
 * somebody else was faster, it reads and decides again, once. Throws ClusterError.
 */
export async function rollWorkload(
  ports: RollPorts,
  step: Step,
  train: Train,
  request: TrainRequest,
): Promise<WorkloadResult> {
  const begin = ports.clock.now();
  const first = await attempt(ports, step, train.release, request, begin);
  if (first.kind === 'ended') return first.result;
  ports.log.warn(`${step.survey.state.workload}: changed by ${first.by} meanwhile; deciding again`);
  const images = request.images.filter((line) => isMeantFor(line, imageTarget(step.survey)));
  const again = await prepare(ports, { ...request, images, refs: [step.survey.ref], release: train.release });
  const [retried] = again.kind === 'ready' ? again.steps : [];
  if (!retried || !sameWay(retried.mode, step.mode)) return outrunResult(step, train.release, first.by);
  const second = await attempt(ports, retried, train.release, request, begin);
  return second.kind === 'ended' ? second.result : outrunResult(retried, train.release, second.by);
}

/** What was decided for the train must still hold; whether to go below what somebody else just rolled is for a person. */
function sameWay(now: DecidedMode, before: DecidedMode): boolean {
  return now.mode === before.mode && (now.direction !== 'down' || before.direction === 'down');
}

async function attempt(
  ports: RollPorts,
  step: Step,
  release: string,
  request: TrainRequest,
  begin: number,
): Promise<Attempt> {
  const { change } = step;
  const { stored, problem } = await recordIntent(ports, step, release, request);
  const seconds = () => (ports.clock.now() - begin) / 1000;
  const written = await write(ports, step, release, stored);
  if (written.kind === 'outrun') return written;
  if (written.kind === 'unknown') return ended(unseenResult(step, release, written.error, seconds()));
  const { deployment } = written;
  const unrecorded = problem === undefined ? [] : [`this run is not recorded: ${problem}`];
  const conclude = async (end: RolloutEnd | undefined) => [
    ...unrecorded,
    ...(await recordVerdict(ports, step, release, { stored, deployment, end })),
  ];
  if (change.kind === 'keep' && !change.watch)
    return ended(unchangedResult(step, release, seconds(), await conclude(undefined)));
  try {
    const end = await watchStep(ports, step, deployment, request.timeoutMs);
    return ended(rolledResult(step, release, end, seconds(), await conclude(end)));
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return ended(unseenResult(step, release, error, seconds(), deployment));
  }
}

function ended(result: WorkloadResult): Attempt {
  return { kind: 'ended', result };
}

/** Writes the template, where there is one to write. */
async function write(
  ports: RollPorts,
  step: Step,
  release: string,
  stored: StoredLedger | undefined,
): Promise<Written | { readonly kind: 'unknown'; readonly error: ClusterError }> {
  const { survey, change } = step;
  const { deployment } = survey.state;
  if (change.kind === 'keep') return { kind: 'written', deployment };
  try {
    const written = await writeTemplate(ports.cluster, survey.ref, deployment, release, change);
    if (written.kind === 'outrun') await recordUnwritten(ports, step, release, { stored, outrun: true });
    return written;
  } catch (error) {
    // The answer may be all that was lost: then the intent in the ledger is the truth.
    if (error instanceof ClusterError && error.kind === 'unreachable') return { kind: 'unknown', error };
    await recordUnwritten(ports, step, release, { stored, outrun: false }).catch(() => undefined);
    throw error;
  }
}

function watchStep(ports: RollPorts, { survey }: Step, deployment: Deployment, timeoutMs: number) {
  return watchRollout(ports, {
    ref: survey.ref,
    deployment,
    replicaSets: survey.replicaSets,
    template: deployment.spec.template,
    generation: deployment.metadata.generation ?? 0,
    progressingBefore: progressing(deployment),
    timeoutMs,
  });
}
