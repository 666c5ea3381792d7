import { ClusterError } from '../errors.ts';
import { showRelease } from '../release/release-text.ts';
import type { WorkloadResult } from '../result.ts';
import type { Deployment } from '../rollout/objects.ts';
import { labelSelector } from '../rollout/pods.ts';
import type { Service } from '../rollout/service.ts';
import { releasesLeft } from './blocking.ts';
import { afterSwitch, type Dealing } from './blue-green-failure.ts';
import { noteLeft } from './blue-green-journal.ts';
import type { Prepared, Way } from './blue-green-prepare.ts';
import type { BlueGreenPorts, BlueGreenRequest } from './blue-green-request.ts';
import { aboutOf, idleOf, legOf, type Moved, type Trip, termsOf } from './colour-trip.ts';
import { conclude } from './conclude.ts';
import { fitToServe } from './fit-to-serve.ts';
import { putOnIdle } from './put-on-idle.ts';
import { clauseOf, restoreUnserved } from './restore-colour.ts';
import { seeIdle, stopBefore } from './see-idle.ts';
import { switchService } from './switch-service.ts';
import { type ColourEnd, watchColour } from './watch-colour.ts';
import { cancelledResult, clusterReason, outrunResult, stoppedResult, unseenResult } from './workload-result.ts';

/** The Deployment was changed after it was read; nothing was written, and it may be decided again. */
export interface Outrun extends Moved {
  readonly outrun: true;
}

/**
 * Brings the release onto the idle colour, sees it well there, switches the Service in one patch, and watches on: nobody is
 * served by a release before it was seen well.
 */
export async function switchOver(
  ports: BlueGreenPorts,
  request: BlueGreenRequest,
  prepared: Prepared,
  way: Extract<Way, { kind: 'switch' }>,
  dealing: Dealing,
): Promise<Moved | Outrun> {
  const { service, step, train } = prepared;
  const { release } = train;
  const begin = ports.clock.now();
  const unmoved = (result: WorkloadResult): Moved => ({ result, service, switched: 'no' });
  if (ports.interrupt.aborted) return unmoved(cancelledResult(step, release));
  for (const left of releasesLeft(step, train))
    dealing.blocking.begin(left, request.reason || `rolled back to ${release}`);
  const put = await putOnIdle(ports, request, prepared, way).catch(stopped);
  if (put.kind === 'stopped') {
    ports.log.warn(put.error.message);
    return unmoved(stoppedResult(step, release, clusterReason(put.error), put.error.message));
  }
  if (put.kind === 'outrun') return { ...unmoved(outrunResult(step, release, put.by)), outrun: true };
  const seconds = () => (ports.clock.now() - begin) / 1000;
  if (put.kind === 'unknown') return unmoved(unseenResult(step, release, put.error, seconds()));
  const trip = { ports, request, prepared, dealing, put, seconds };
  try {
    const isUp = way.ready && (await fitness(trip, put.deployment)).kind === 'fit';
    const first = isUp ? undefined : await seeIdle(trip);
    if (first && 'result' in first) return first;
    return (first && (await stopBefore(trip, first))) ?? (await switchAndWatch(trip, first));
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    return unmoved(unseenResult(step, release, error, seconds(), put.deployment));
  }
}

/** Nothing was written; what is on its way to the gate is seen to its end all the same. */
function stopped(error: unknown): { readonly kind: 'stopped'; readonly error: ClusterError } {
  if (!(error instanceof ClusterError)) throw error;
  return { kind: 'stopped', error };
}

function fitness({ ports, prepared }: Trip, deployment: Deployment) {
  return fitToServe(ports.cluster, idleOf(prepared).ref, prepared.service, deployment);
}

async function switchAndWatch(trip: Trip, first: ColourEnd | undefined): Promise<Moved> {
  const { ports, request, prepared, dealing, put, seconds } = trip;
  const { surveys, live, step, train } = prepared;
  const idle = idleOf(prepared);
  const deployment = first?.end.last.deployment ?? put.deployment;
  const switched = await switchTo(trip, deployment);
  if ('result' in switched) return switched;
  const offset = seconds();
  const said = `service ${request.service.name} switched to ${idle.state.workload}`;
  ports.log.info(`${said} from ${surveys[live].state.workload} (${showRelease(surveys[live].state.live.label)})`);
  try {
    const checks = await request.checks(aboutOf(prepared));
    // From what is there now: the revisions that were read first have no pods yet.
    const replicaSets = await ports.cluster.listRevisions(idle.ref, labelSelector(deployment));
    const then = await watchColour(ports, { ...idle, replicaSets }, deployment, termsOf(trip), checks);
    const timeline = [
      ...(first?.end.timeline ?? []),
      { at: offset, text: said },
      ...then.end.timeline.map((moment) => ({ ...moment, at: offset + moment.at })),
    ];
    const concluded = await conclude(ports, legOf(trip, then, timeline), train.release, then.checks);
    const restore = () => restoreUnserved(ports, request, prepared, deployment.spec.template).then(clauseOf);
    const serving = { service: switched, old: surveys[live], served: true, restore };
    return { checks: then.checks, ...(await afterSwitch(ports, request, prepared, concluded, serving, dealing)) };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const result = unseenResult(step, train.release, error, seconds(), deployment);
    return { result, service: switched, switched: 'yes' };
  }
}

/** Switches the Service; gives the end of the run where that does not work. */
async function switchTo(trip: Trip, deployment: Deployment): Promise<Service | Moved> {
  const { ports, request, prepared, seconds } = trip;
  const { service, step, train } = prepared;
  const { release } = train;
  const { name } = request.service;
  const notSwitched = (why: string, outcome: 'superseded' | 'failed' = 'superseded'): Moved => {
    const message = `${step.survey.state.workload}: ${showRelease(release)} is there, but ${why}, so service ${name} was not switched; run again`;
    const reasonCode = outcome === 'failed' ? 'nothing-verified' : outcome;
    const result = stoppedResult(step, release, reasonCode, message);
    return { result: { ...result, outcome, changed: true, seconds: seconds() }, service, switched: 'no' };
  };
  try {
    await noteLeft(ports, prepared, new Date(ports.clock.now()).toISOString());
    const fit = await fitness(trip, deployment);
    if (fit.kind !== 'fit') return notSwitched(fit.why, fit.kind === 'lacking' ? 'failed' : 'superseded');
    const switching = await switchService(ports.services, request.service, service, fit.selector);
    if (switching.kind === 'switched') return switching.service;
    return notSwitched(`somebody else changed what service ${name} selects meanwhile`);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    ports.log.warn(error.message);
    if (error.kind === 'unreachable')
      return { result: unseenResult(step, release, error, seconds(), deployment), service, switched: 'unknown' };
    const message = `${error.message}; service ${name} was not switched`;
    const result = stoppedResult(step, release, clusterReason(error), message);
    return { result: { ...result, changed: true, seconds: seconds() }, service, switched: 'no' };
  }
}
