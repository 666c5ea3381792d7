import { ClusterError } from '../errors.ts';
import type { Result, WorkloadResult } from '../result.ts';
import type { PodTemplate } from '../rollout/objects.ts';
import { plannedResult } from './planned-result.ts';
import { type PreparePorts, prepare, remarksOf, type Step, type Train } from './prepare.ts';
import type { TrainRequest } from './train-request.ts';
import { refusedResult, trainResult } from './train-result.ts';
import { outrunResult } from './workload-result.ts';
import { writeTemplate } from './write-template.ts';

/**
 * What a run with this request would do. The API server is asked by server-side dry run, so that admission has its say;
 * without the right to patch, the difference is our own calculation and a warning says so. Throws ClusterError.
 */
export async function plan(ports: PreparePorts, request: TrainRequest): Promise<Result> {
  const train = await prepare(ports, request);
  if (train.kind === 'refused') return refusedResult(request, train);
  ports.log.info(`${train.mode.mode} ${train.release}: ${train.mode.reason}`);
  for (const remark of remarksOf(train)) ports.log.info(remark);
  const workloads = await Promise.all(train.steps.map((step) => planStep(ports, step, train)));
  return trainResult(request, train, workloads);
}

async function planStep(ports: PreparePorts, step: Step, { release }: Train): Promise<WorkloadResult> {
  const { change, survey } = step;
  if (change.kind === 'keep') return plannedResult(step, release, []);
  const { deployment } = survey.state;
  try {
    const written = await writeTemplate(ports.cluster, step, release, { dryRun: true });
    if (written.kind === 'outrun') return outrunResult(step, release, written.by);
    return plannedResult(step, release, await difference(deployment.spec.template, written.deployment.spec.template));
  } catch (error) {
    if (!(error instanceof ClusterError && error.kind === 'forbidden')) throw error;
    const warning = `${error.message}; the API server was not asked, so admission may still refuse or change this`;
    const result = plannedResult(step, release, await difference(deployment.spec.template, change.template));
    return { ...result, warnings: [...result.warnings, warning] };
  }
}

/** Loaded only here: a rollback in the night does not wait for a YAML printer. */
async function difference(from: PodTemplate, to: PodTemplate): Promise<readonly string[]> {
  const { templateDiff } = await import('../rollout/template-diff.ts');
  return templateDiff(from, to);
}
