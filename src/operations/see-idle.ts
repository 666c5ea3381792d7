import { showRelease } from '../release/release-text.ts';
import { admit } from './admission.ts';
import { beforeSwitch } from './blue-green-failure.ts';
import { aboutOf, idleOf, legOf, type Moved, type Trip, termsOf } from './colour-trip.ts';
import { conclude } from './conclude.ts';
import { clauseOf, restoreUnserved } from './restore-colour.ts';
import { type ColourEnd, watchColour } from './watch-colour.ts';
import { stoppedResult } from './workload-result.ts';

/** Watches the release where it serves nobody yet; gives the end of the run where it is not well. Throws ClusterError. */
export async function seeIdle(trip: Trip): Promise<ColourEnd | Moved> {
  const { ports, request, prepared, dealing, put } = trip;
  const checks = await request.previewChecks(aboutOf(prepared));
  const seen = await watchColour(ports, idleOf(prepared), put.deployment, termsOf(trip), checks);
  const { state } = seen.end.status;
  if (state === 'done' && seen.end.status.verified && seen.checks.verdict === 'passed') return seen;
  const concluded = await conclude(ports, legOf(trip, seen), prepared.train.release, seen.checks);
  const result = await beforeSwitch(ports, request, prepared, concluded, seen.checks, dealing);
  const switched = result.rollback?.state === 'failed' ? 'unknown' : 'no';
  return { result, checks: seen.checks, service: prepared.service, switched };
}

/** What stops a release that is well from being switched to: the end of the run, and a block that came meanwhile. */
export async function stopBefore(trip: Trip, first: ColourEnd): Promise<Moved | undefined> {
  const { ports, request, prepared, dealing, put } = trip;
  const { service, step, train } = prepared;
  if (ports.interrupt.aborted) {
    const halted = { ...first, end: { ...first.end, status: { state: 'halted', message: '' } as const } };
    const concluded = await conclude(ports, legOf(trip, halted), train.release, first.checks);
    const result = await beforeSwitch(ports, request, prepared, concluded, first.checks, dealing);
    return { result, service, switched: 'no' };
  }
  if (train.mode.mode === 'rollback') return undefined;
  const admission = await admit(ports, request, train);
  if (admission.kind === 'admitted') return undefined;
  const { closed } = admission;
  const restored = clauseOf(await restoreUnserved(ports, request, prepared, put.deployment.spec.template));
  const message = `${step.survey.state.workload}: ${showRelease(train.release)} was not switched to; ${restored}`;
  return { result: stoppedResult(step, train.release, 'release-blocked', message), service, switched: 'no', closed };
}
