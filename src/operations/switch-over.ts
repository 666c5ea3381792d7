import { ClusterError } from '../errors.ts';
import { showRelease } from '../release/release-text.ts';
import type { Moment, WorkloadResult } from '../result.ts';
import { otherColour } from '../rollout/blue-green.ts';
import type { BlueGreenReport } from '../rollout/blue-green-report.ts';
import type { Deployment } from '../rollout/objects.ts';
import { labelSelector } from '../rollout/pods.ts';
import { type Service, selectorFor } from '../rollout/service.ts';
import { releasesLeft } from './blocking.ts';
import { restoreIdle } from './blue-green-back.ts';
import { afterSwitch, beforeSwitch, type Dealing } from './blue-green-failure.ts';
import type { Prepared, Way } from './blue-green-prepare.ts';
import type { BlueGreenPorts, BlueGreenRequest } from './blue-green-request.ts';
import { conclude } from './conclude.ts';
import type { Leg } from './leg.ts';
import { type Put, putOnIdle } from './put-on-idle.ts';
import { policyOf } from './ride-train.ts';
import type { Survey } from './survey.ts';
import { switchService } from './switch-service.ts';
import type { ChecksAbout } from './train-request.ts';
import type { ChecksEnd } from './watch-checks.ts';
import { type ColourEnd, watchColour } from './watch-colour.ts';
import { cancelledResult, clusterReason, outrunResult, stoppedResult, unseenResult } from './workload-result.ts';

/** What came of a run behind a Service. */
export interface Moved {
  readonly result: WorkloadResult;
  readonly checks?: ChecksEnd;
  /** As it is known last. */
  readonly service: Service;
  readonly switched: BlueGreenReport['switched'];
}

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
    const first = way.ready ? undefined : await seeIdle(trip);
    if (first && 'result' in first) return first;
    return await switchAndWatch(trip, first);
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

/** All that one switch needs. */
interface Trip {
  readonly ports: BlueGreenPorts;
  readonly request: BlueGreenRequest;
  readonly prepared: Prepared;
  readonly dealing: Dealing;
  readonly put: Put;
  /** Since it began. */
  readonly seconds: () => number;
}

/** Watches the release where it serves nobody yet; gives the end of the run where it is not well. Throws ClusterError. */
async function seeIdle(trip: Trip): Promise<ColourEnd | Moved> {
  const { ports, request, prepared, dealing, put } = trip;
  const checks = await request.previewChecks(aboutOf(prepared));
  const seen = await watchColour(ports, idleOf(prepared), put.deployment, termsOf(trip), checks);
  const { state } = seen.end.status;
  if (state === 'done' && seen.end.status.verified && seen.checks.verdict === 'passed') return seen;
  const concluded = await conclude(ports, legOf(trip, seen), prepared.train.release, seen.checks);
  const result = await beforeSwitch(ports, request, prepared, concluded, seen.checks, dealing);
  return { result, checks: seen.checks, service: prepared.service, switched: 'no' };
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
    const restore = () => restoreIdle(ports, prepared, deployment.spec.template);
    const serving = { service: switched, old: surveys[live], restore };
    return { checks: then.checks, ...(await afterSwitch(ports, request, prepared, concluded, serving, dealing)) };
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const result = unseenResult(step, train.release, error, seconds(), deployment);
    return { result, service: switched, switched: 'yes' };
  }
}

/** Switches the Service; gives the end of the run where that does not work. */
async function switchTo({ ports, request, prepared, seconds }: Trip, deployment: Deployment): Promise<Service | Moved> {
  const { service, step, train } = prepared;
  const { release } = train;
  const { name } = request.service;
  const selector = selectorFor(service, deployment.spec.template) ?? {};
  try {
    const switching = await switchService(ports.services, request.service, service, selector);
    if (switching.kind === 'switched') return switching.service;
    const message = `${step.survey.state.workload}: ${showRelease(release)} is there, but somebody else changed what service ${name} selects meanwhile, so it was not switched; run again`;
    const result = stoppedResult(step, release, 'superseded', message);
    return { result: { ...result, outcome: 'superseded', changed: true, seconds: seconds() }, service, switched: 'no' };
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

function idleOf({ surveys, live }: Prepared): Survey {
  return surveys[otherColour(live)];
}

function termsOf({ request, prepared }: Trip) {
  return { timeoutMs: request.timeoutMs, policy: policyOf(prepared.train, request) };
}

function aboutOf({ step, train, surveys, live }: Prepared): ChecksAbout {
  const { release, mode } = train;
  const refs = [surveys[otherColour(live)].ref];
  return { release, previousRelease: step.survey.state.live.release, mode: mode.mode, refs };
}

function legOf({ prepared, put, seconds }: Trip, { end }: ColourEnd, timeline: readonly Moment[] = end.timeline): Leg {
  const { deployment, stored, warnings } = put;
  const { step } = prepared;
  return { kind: 'watched', step, stored, deployment, seconds: seconds(), warnings, end: { ...end, timeline } };
}
