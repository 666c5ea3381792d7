import { ClusterError } from '../errors.ts';
import type { Result, WorkloadResult } from '../result.ts';
import { prepare, type Step, type Train } from './prepare.ts';
import { type RollPorts, rollWorkload } from './roll-workload.ts';
import type { TrainRequest } from './train-request.ts';
import { refusedResult, trainResult } from './train-result.ts';
import { clusterReason, outrunResult, stoppedResult } from './workload-result.ts';
import { writeTemplate } from './write-template.ts';

/**
 * Deploys, redeploys or rolls back a train: all workloads are read and decided first, several are rehearsed by server-side
 * dry run, and only then is anything touched; then all roll at once. Throws ClusterError as long as nothing was touched.
 */
export async function roll(ports: RollPorts, request: TrainRequest): Promise<Result> {
  const train = await prepare(ports, request);
  if (train.kind === 'refused') return refusedResult(request, train);
  ports.log.info(`${train.mode.mode} ${train.release}: ${train.mode.reason}`);
  const outrun = await rehearse(ports, train);
  if (outrun.length > 0) return trainResult(request, train, outrun);
  const results = await Promise.all(train.steps.map((step) => rollOrReport(ports, step, train, request)));
  return trainResult(request, train, results);
}

/** One write cannot be half a train, so only several are rehearsed. */
async function rehearse({ cluster }: RollPorts, { release, steps }: Train): Promise<readonly WorkloadResult[]> {
  const writes = steps.flatMap((step) => (step.change.kind === 'write' ? [{ step, change: step.change }] : []));
  if (writes.length < 2) return [];
  const rehearsed = await Promise.all(
    writes.map(async ({ step, change }) => {
      const { ref, state } = step.survey;
      const written = await writeTemplate(cluster, ref, state.deployment, release, change, { dryRun: true });
      return written.kind === 'outrun' ? [outrunResult(step, release, written.by)] : [];
    }),
  );
  return rehearsed.flat();
}

/** An error on one workload must not hide what happened to the others. */
async function rollOrReport(
  ports: RollPorts,
  step: Step,
  train: Train,
  request: TrainRequest,
): Promise<WorkloadResult> {
  try {
    return await rollWorkload(ports, step, train, request);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    ports.log.warn(error.message);
    return stoppedResult(step, train.release, clusterReason(error), error.message);
  }
}
