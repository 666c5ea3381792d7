import { ClusterError } from '../errors.ts';
import type { Closed } from '../gate/rule.ts';
import { passes } from '../outcome.ts';
import type { Result, WorkloadResult } from '../result.ts';
import { otherColour } from '../rollout/blue-green.ts';
import { selectorFor, selectorPatch } from '../rollout/service.ts';
import { admit } from './admission.ts';
import { attendLive } from './attend-live.ts';
import { lookUpBlocked } from './blocked-targets.ts';
import { openBlocking } from './blocking.ts';
import type { Dealing } from './blue-green-failure.ts';
import { type Prepared, prepareBlueGreen } from './blue-green-prepare.ts';
import type { BlueGreenPorts, BlueGreenRequest } from './blue-green-request.ts';
import { blueGreenReport } from './blue-green-result.ts';
import type { Moved } from './colour-trip.ts';
import { blockedResult, withGateReport } from './gate-result.ts';
import { giveBackLeftovers } from './give-back.ts';
import { retireColour } from './retire-colour.ts';
import { roll } from './roll.ts';
import { switchOver } from './switch-over.ts';
import { refusedResult, trainResult } from './train-result.ts';

/**
 * Brings a release behind a Service that has two Deployments: onto the one that serves nobody, and then the Service is
 * switched to it; back by switching back. Decides again, once, where somebody else was faster. Throws ClusterError as long
 * as nothing was touched.
 */
export async function blueGreen(ports: BlueGreenPorts, request: BlueGreenRequest): Promise<Result> {
  for (let again = false; ; again = true) {
    const first = await prepareBlueGreen(ports, request);
    const prepared = (await giveBackLeftovers(ports, surveysOf(first)))
      ? await prepareBlueGreen(ports, request)
      : first;
    if (prepared.kind === 'refused') return refusedResult(request, prepared);
    const { train, way } = prepared;
    if (way.kind === 'restart') return restartLive(ports, request, prepared);
    ports.log.info(`${train.mode.mode} ${train.release}: ${train.mode.reason}`);
    const isSame = way.kind !== 'switch' || way.ready || (await rehearse(ports, request, prepared));
    if (!isSame && !again) continue;
    const admission = await admit(ports, request, train);
    if (admission.kind === 'stopped') return stopped(ports, request, prepared, admission.closed);
    const blocking = openBlocking(ports, request, admission.standings);
    const barred = lookUpBlocked(ports, request, train);
    const moved = await move(ports, request, prepared, { blocking, barred });
    barred();
    if ('outrun' in moved && !again) {
      await blocking.settled();
      ports.log.warn(`${moved.result.message}; deciding again`);
      continue;
    }
    if (moved.closed) return stopped(ports, request, prepared, moved.closed, `; ${moved.result.message}`);
    const told = trainResult(request, train, [moved.result], moved.checks);
    const { switched } = moved;
    const report = blueGreenReport(request, prepared, { switched, result: told, retirement: undefined });
    const result = await withGateReport(ports, request, { ...told, blueGreen: report }, { admission, blocking });
    return withColours(ports, request, prepared, moved, result);
  }
}

/** The result of a release that the gate stopped, at first or right before the switch. */
function stopped(
  ports: BlueGreenPorts,
  request: BlueGreenRequest,
  prepared: Prepared,
  closed: Closed,
  remark = '',
): Result {
  const result = blockedResult(ports, request, prepared.train, closed);
  const report = blueGreenReport(request, prepared, { switched: 'no', result, retirement: undefined });
  return { ...result, message: `${result.message}${remark}`, blueGreen: report };
}

function surveysOf(prepared: Awaited<ReturnType<typeof prepareBlueGreen>>) {
  return prepared.kind === 'refused' ? prepared.surveys : [prepared.surveys.blue, prepared.surveys.green];
}

async function move(
  ports: BlueGreenPorts,
  request: BlueGreenRequest,
  prepared: Prepared,
  dealing: Dealing,
): Promise<Moved | (Moved & { readonly outrun: true })> {
  const { way } = prepared;
  return way.kind === 'switch'
    ? switchOver(ports, request, prepared, way, dealing)
    : attendLive(ports, request, prepared, dealing);
}

/** What the API server would say to the switch, before minutes go by until it comes; false where somebody else switched. */
async function rehearse(
  { services }: BlueGreenPorts,
  request: BlueGreenRequest,
  { service, surveys, live }: Prepared,
): Promise<boolean> {
  const selector = selectorFor(service, surveys[otherColour(live)].state.deployment.spec.template) ?? {};
  try {
    await services.patch(request.service, selectorPatch(service, selector), { dryRun: true });
    return true;
  } catch (error) {
    if (error instanceof ClusterError && error.kind === 'conflict') return false;
    throw error;
  }
}

/** Restarted where they serve: whoever wants new pods beside the old ones gives the release a name of its own. */
async function restartLive(ports: BlueGreenPorts, request: BlueGreenRequest, prepared: Prepared): Promise<Result> {
  const { surveys, live, service } = prepared;
  const { ref, state } = surveys[live];
  const warning = 'its pods are restarted while they serve: the release is live on that colour already';
  ports.log.warn(`${state.workload}: ${warning}`);
  const result = await roll(ports, { ...request, refs: [ref] });
  const warned = result.workloads.map((each): WorkloadResult => ({ ...each, warnings: [...each.warnings, warning] }));
  const [workload] = warned;
  if (!workload) return result;
  const moved: Moved = { result: workload, service, switched: 'no' };
  return withColours(ports, request, prepared, moved, { ...result, workloads: warned });
}

/** The result with how both colours stand, once the one that was left has given up its pods, if it is to. */
async function withColours(
  ports: BlueGreenPorts,
  request: BlueGreenRequest,
  prepared: Prepared,
  { service, switched }: Moved,
  result: Result,
): Promise<Result> {
  const { surveys, live, way } = prepared;
  const served = switched === 'yes';
  const left = surveys[served ? live : otherColour(live)];
  const retirement = passes(result) ? await retireColour(ports, request, service, { left, served }) : undefined;
  const report = blueGreenReport(request, prepared, { switched, result, retirement });
  const before = String(surveys[otherColour(live)].state.live.revision?.number ?? '');
  const workloads = result.workloads.map((each) => ({
    ...each,
    // What is live was the other Deployment's, and its numbers say nothing beside this one's.
    ...(way.kind === 'switch' && { previousRevision: before }),
    warnings: [...each.warnings, ...(retirement?.warnings ?? [])],
  }));
  return { ...result, workloads, blueGreen: report };
}
