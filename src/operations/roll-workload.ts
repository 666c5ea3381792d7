import type { Clock, Cluster, LedgerStore, Log } from '../ports.ts';
import { isMeantFor } from '../release/images.ts';
import type { WorkloadResult } from '../result.ts';
import type { Deployment } from '../rollout/objects.ts';
import { progressing } from '../rollout/status.ts';
import { recordIntent, recordOutrun, recordVerdict } from './journal.ts';
import { imageTarget, prepare, type Step, type Train } from './prepare.ts';
import type { TrainRequest } from './train-request.ts';
import { watchRollout } from './watch-rollout.ts';
import { outrunResult, rolledResult, unchangedResult } from './workload-result.ts';
import { writeTemplate } from './write-template.ts';

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
  const retried = again.kind === 'ready' && again.mode.mode === step.mode.mode ? again.steps[0] : undefined;
  if (!retried) return outrunResult(step, train.release, first.by);
  const second = await attempt(ports, retried, train.release, request, begin);
  return second.kind === 'ended' ? second.result : outrunResult(retried, train.release, second.by);
}

async function attempt(
  ports: RollPorts,
  step: Step,
  release: string,
  request: TrainRequest,
  begin: number,
): Promise<Attempt> {
  const { survey, change } = step;
  const intended = await recordIntent(ports, step, release, request);
  let { deployment } = survey.state;
  if (change.kind === 'write') {
    const written = await writeTemplate(ports.cluster, survey.ref, deployment, release, change);
    if (written.kind === 'outrun') {
      await recordOutrun(ports, step, release, intended);
      return written;
    }
    deployment = written.deployment;
  }
  const watched = change.kind === 'write' || change.watch;
  const end = watched ? await watchStep(ports, step, deployment, request.timeoutMs) : undefined;
  const warnings = await recordVerdict(ports, step, release, intended, deployment, end);
  const seconds = (ports.clock.now() - begin) / 1000;
  return {
    kind: 'ended',
    result: end
      ? rolledResult(step, release, end, seconds, warnings)
      : unchangedResult(step, release, seconds, warnings),
  };
}

function watchStep(ports: RollPorts, { survey }: Step, deployment: Deployment, timeoutMs: number) {
  return watchRollout(ports, {
    ref: survey.ref,
    deployment,
    replicaSets: survey.replicaSets,
    template: deployment.spec.template,
    generation: deployment.metadata.generation ?? 0,
    progressingBefore: progressing(survey.state.deployment),
    timeoutMs,
  });
}
