import { ClusterError } from '../errors.ts';
import type { Result, WorkloadResult } from '../result.ts';
import { otherColour } from '../rollout/blue-green.ts';
import { type Prepared, prepareBlueGreen, type Way } from './blue-green-prepare.ts';
import type { BlueGreenPorts, BlueGreenRequest } from './blue-green-request.ts';
import { blueGreenReport } from './blue-green-result.ts';
import { plan } from './plan.ts';
import { plannedResult } from './planned-result.ts';
import { refusedResult, trainResult } from './train-result.ts';
import { outrunResult } from './workload-result.ts';
import { writeColour } from './write-colour.ts';

/** What a run with this request would do behind the Service; the API server is asked by server-side dry run. Throws ClusterError. */
export async function planBlueGreen(ports: BlueGreenPorts, request: BlueGreenRequest): Promise<Result> {
  const prepared = await prepareBlueGreen(ports, request);
  if (prepared.kind === 'refused') return refusedResult(request, prepared);
  const { train, way, surveys, live } = prepared;
  if (way.kind === 'restart') return plan(ports, { ...request, refs: [surveys[live].ref] });
  ports.log.info(`${train.mode.mode} ${train.release}: ${train.mode.reason}`);
  const workload =
    way.kind === 'switch' ? await planSwitch(ports, prepared, way) : plannedResult(prepared.step, train.release, []);
  const result = trainResult(request, train, [workload]);
  const report = blueGreenReport(request, prepared, { switched: 'no', result, retirement: undefined });
  const to = surveys[otherColour(live)].state.workload;
  const remark = way.kind === 'switch' ? `service ${request.service.name} would be switched to ${to}` : '';
  return { ...result, blueGreen: { ...report, remark } };
}

async function planSwitch(
  { cluster }: BlueGreenPorts,
  { step, train, surveys, live }: Prepared,
  way: Extract<Way, { kind: 'switch' }>,
): Promise<WorkloadResult> {
  const idle = surveys[otherColour(live)];
  const { template } = idle.state.deployment.spec;
  const { templateDiff } = await import('../rollout/template-diff.ts');
  const planned = (now: typeof template) => plannedResult(step, train.release, templateDiff(template, now));
  try {
    const written = await writeColour(cluster, idle, way, train.release, { dryRun: true });
    return written.kind === 'outrun'
      ? outrunResult(step, train.release, written.by)
      : planned(written.deployment.spec.template);
  } catch (error) {
    if (!(error instanceof ClusterError && error.kind === 'forbidden')) throw error;
    const result = planned(way.change.kind === 'write' ? way.change.template : template);
    const warning = `${error.message}; the API server was not asked, so admission may still refuse or change this`;
    return { ...result, warnings: [...result.warnings, warning] };
  }
}
