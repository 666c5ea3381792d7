import { ClusterError } from '../errors.ts';
import type { Closed } from '../gate/rule.ts';
import type { Standing } from '../gate/standing.ts';
import { passes } from '../outcome.ts';
import type { Result, WorkloadResult } from '../result.ts';
import { otherColour } from '../rollout/blue-green.ts';
import { selectorFor, selectorPatch } from '../rollout/service.ts';
import { type Admitted, admit } from './admission.ts';
import { attendLive } from './attend-live.ts';
import { lookUpBlocked } from './blocked-targets.ts';
import { type Blocking, openBlocking } from './blocking.ts';
import type { Dealing } from './blue-green-failure.ts';
import { type Prepared, prepareBlueGreen } from './blue-green-prepare.ts';
import type { BlueGreenPorts, BlueGreenRequest } from './blue-green-request.ts';
import { blueGreenReport } from './blue-green-result.ts';
import type { Moved } from './colour-trip.ts';
import { blockedResult, missingBlocksText, withGateReport } from './gate-result.ts';
import { giveBackLeftovers } from './give-back.ts';
import { createGlance, type Glance } from './glance.ts';
import type { Train } from './prepare.ts';
import { retireColour } from './retire-colour.ts';
import { roll } from './roll.ts';
import { switchOver } from './switch-over.ts';
import { refusedResult, stoppedRun, trainResult } from './train-result.ts';

/**
 * Brings a release behind a Service that has two Deployments: onto the one that serves nobody, and then the Service is
 * switched to it; back by switching back. Decides again, once, where somebody else was faster. Throws ClusterError as long
 * as nothing was touched.
 */
export async function blueGreen(ports: BlueGreenPorts, request: BlueGreenRequest): Promise<Result> {
  const known = new Map<string, Standing>();
  const shared = { known, blocking: openBlocking(ports, request, known), glance: createGlance(ports, request) };
  let before: Overtaken | undefined;
  for (;;) {
    const ended = await attempt(ports, request, shared, before).catch((error: unknown) => {
      if (!before || !(error instanceof ClusterError)) throw error;
      return withBegun(stoppedRun(request, error), request, shared.blocking);
    });
    if (!('overtaken' in ended)) return ended;
    before = ended;
  }
}

/** What both attempts have in common: what the first sent to the gate is on its way, and the second waits for none of it. */
interface Shared {
  readonly blocking: Blocking;
  /** Where releases stood when they were asked about last, for `blocking`. */
  readonly known: Map<string, Standing>;
  readonly glance: Glance;
}

/** An attempt that somebody else was faster than, and what the gate had said by then. */
interface Overtaken {
  readonly overtaken: Train;
  readonly admission?: Admitted;
}

/** Tries once, and a last time after `before`. Throws ClusterError. */
async function attempt(
  ports: BlueGreenPorts,
  request: BlueGreenRequest,
  shared: Shared,
  before: Overtaken | undefined,
): Promise<Result | Overtaken> {
  const { known, blocking, glance } = shared;
  const deciding = { ...ports, glance };
  const first = await prepareBlueGreen(deciding, request);
  const prepared = (await giveBackLeftovers(ports, surveysOf(first)))
    ? await prepareBlueGreen(deciding, request)
    : first;
  if (prepared.kind === 'refused') return withBegun(refusedResult(request, prepared), request, blocking);
  const { train, way } = prepared;
  if (way.kind === 'restart') return withBegun(await restartLive(ports, request, prepared), request, blocking);
  ports.log.info(`${train.mode.mode} ${train.release}: ${train.mode.reason}`);
  const isSame = way.kind !== 'switch' || way.ready || (await rehearse(ports, request, prepared));
  if (!isSame && !before) return { overtaken: train };
  const admission = unansweredBefore(before, train) ?? (await admit(ports, request, train));
  if (admission.kind === 'stopped')
    return withBegun(stopped(ports, request, prepared, admission.closed), request, blocking);
  for (const [release, standing] of admission.standings) known.set(release, standing);
  const barred = lookUpBlocked(ports, request, train);
  const moved = await move(ports, request, prepared, { blocking, barred });
  barred();
  if ('outrun' in moved && !before) {
    ports.log.warn(`${moved.result.message}; deciding again`);
    return { overtaken: train, admission };
  }
  if (moved.closed)
    return withBegun(stopped(ports, request, prepared, moved.closed, `; ${moved.result.message}`), request, blocking);
  const told = trainResult(request, train, [moved.result], moved.checks);
  const { switched } = moved;
  const report = blueGreenReport(request, prepared, { switched, result: told, retirement: undefined });
  const result = await withGateReport(ports, request, { ...told, blueGreen: report }, { admission, blocking });
  return withColours(ports, request, prepared, moved, result);
}

/** A way back that got no answer does not wait for one twice. */
function unansweredBefore(before: Overtaken | undefined, { mode, release }: Train): Admitted | undefined {
  const { overtaken, admission } = before ?? {};
  const isSame = mode.mode === 'rollback' && overtaken?.mode.mode === 'rollback' && overtaken.release === release;
  return isSame && admission?.answer === 'unknown' ? admission : undefined;
}

/** The result of an attempt that wrote nothing, with what came of blocks that one before it had begun. */
async function withBegun(result: Result, request: BlueGreenRequest, blocking: Blocking): Promise<Result> {
  const [begun, left] = [await blocking.settled(), blocking.unblocked()];
  const { gate } = result;
  const blocks = [...begun, ...gate.blocks];
  const unblocked = [...left, ...(gate.unblocked ?? [])];
  const message = [result.message, ...missingBlocksText(begun, request)].join('; ');
  return { ...result, message, gate: { ...gate, blocks, ...(unblocked.length > 0 && { unblocked }) } };
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
