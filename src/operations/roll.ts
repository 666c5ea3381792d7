import { ClusterError } from '../errors.ts';
import { stageText } from '../release/canary-plan.ts';
import type { Result } from '../result.ts';
import { admit, notAsked } from './admission.ts';
import { attendHold } from './attend-hold.ts';
import { lookUpBlocked } from './blocked-targets.ts';
import { openBlocking, releasesLeft } from './blocking.ts';
import { abortedResult, cancelledWhileHeld, continuedResult, heldLines } from './canary-result.ts';
import { endStage } from './end-stage.ts';
import { blockedResult } from './gate-result.ts';
import { giveBackLeftovers } from './give-back.ts';
import { createGlance } from './glance.ts';
import { lookAtHeld } from './look-at-held.ts';
import { prepare, remarksOf, type Step, type Train } from './prepare.ts';
import { recheckCanary } from './recheck-canary.ts';
import { rehearse } from './rehearse.ts';
import { rideTrain } from './ride-train.ts';
import type { RollPorts } from './roll-workload.ts';
import { type Hold, takenOver } from './taken-over.ts';
import type { TrainRequest } from './train-request.ts';
import { refusedResult, stoppedRun, trainResult } from './train-result.ts';

/**
 * Deploys, redeploys or rolls back a train, stage by stage: a canary that is held for a time is looked at all along, and
 * goes on by itself after it, as another run would let it. Throws ClusterError as long as nothing was touched.
 */
export async function roll(ports: RollPorts, request: TrainRequest): Promise<Result> {
  const { clock, interrupt, log } = ports;
  const holdMs = request.canary?.holdMs;
  let result = await rollStage(ports, request);
  for (;;) {
    for (const line of heldLines(result, holdMs)) log.info(line);
    if (result.reasonCode !== 'canary-held' || holdMs === undefined) break;
    const before = result;
    const next = { ...request, release: before.release, held: 'promote' } as const;
    const stop = stopped(next);
    const hold = { before, since: clock.now() };
    const ended = await attendHold(ports, holdMs, () =>
      lookAtHeld(ports, next, hold).catch((error) => ({ kind: 'over', result: stop(error) })),
    );
    if (ended) return continuedResult(before, ended.result, ended.heldMs / 1000, interrupt.aborted);
    if (interrupt.aborted) return cancelledWhileHeld(before);
    const heldSeconds = (clock.now() - hold.since) / 1000;
    const stage = await rollStage(ports, next, hold).catch(stop);
    result = continuedResult(before, stage, heldSeconds, interrupt.aborted);
  }
  return request.held === 'abort' ? abortedResult(result) : result;
}

/** What was done before stays, whatever stops the next stage. */
function stopped(request: TrainRequest): (error: unknown) => Result {
  return (error) => {
    if (!(error instanceof ClusterError)) throw error;
    return stoppedRun(request, error);
  };
}

/**
 * Rolls a train once: all workloads are read and decided first, several are rehearsed by server-side
 * dry run, the gate is asked, and only then is anything touched; then all roll at once, and end together. A release that
 * fails is dealt with as the request's failure action says. `hold` is that of its canaries, where this run holds them.
 * Throws ClusterError as long as nothing was touched.
 */
async function rollStage(ports: RollPorts, request: TrainRequest, hold?: Hold): Promise<Result> {
  const deciding = { ...ports, glance: createGlance(ports, request) };
  const first = await prepare(deciding, request);
  const prepared = (await giveBackLeftovers(ports, first.surveys)) ? await prepare(deciding, request) : first;
  if (prepared.kind === 'refused') return refusedResult(request, prepared);
  const taken = hold && takenOver(prepared, hold);
  if (taken) return refusedResult(request, taken);
  ports.log.info(`${prepared.mode.mode} ${prepared.release}: ${prepared.mode.reason}`);
  for (const remark of remarksOf(prepared)) ports.log.info(remark);
  const stage = stageText(
    prepared.release,
    prepared.steps.map(({ canary }) => canary),
  );
  if (stage !== undefined) ports.log.info(stage);
  const { train, outrun } = await rehearse(ports, prepared);
  if (outrun.length > 0) return trainResult(request, train, outrun);
  const unwell = await recheckCanary(ports, train, request);
  // Asked last, since looking takes a while; and not about one that is about to be taken back.
  const admission = unwell ? notAsked(train) : await admit(ports, request, train);
  if (admission.kind === 'stopped') return blockedResult(ports, request, train, admission.closed);
  const blocking = openBlocking(ports, request, admission.standings);
  const leaving = (step: Step) => {
    for (const release of releasesLeft(step, train)) blocking.begin(release, reasonToLeave(request, train));
  };
  const barred = lookUpBlocked(ports, request, train);
  const { legs, checks } = unwell ?? (await rideTrain(ports, train, request, { leaving }));
  return endStage(ports, { train, request, legs, checks }, { admission, blocking, barred });
}

/** Whoever asks for a rollback may say why; its target is told anyway. */
function reasonToLeave({ held, reason }: TrainRequest, { release }: Train): string {
  return reason || (held === 'abort' ? `its canary was taken back to ${release}` : `rolled back to ${release}`);
}
