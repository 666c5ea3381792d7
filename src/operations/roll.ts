import { ClusterError } from '../errors.ts';
import { stageText } from '../release/canary-plan.ts';
import { showRelease } from '../release/release-text.ts';
import type { Result, WorkloadResult } from '../result.ts';
import { isEmpty } from '../rollout/loan.ts';
import { admit, notAsked } from './admission.ts';
import { lookUpBlocked } from './blocked-targets.ts';
import { openBlocking, releasesLeft } from './blocking.ts';
import { abortedResult, continuedResult } from './canary-result.ts';
import { type Concluded, conclude } from './conclude.ts';
import { actionOn, actOn } from './failure-action.ts';
import { blockedResult, withGateReport } from './gate-result.ts';
import { giveBackLeftovers, giveBackOrWarn } from './give-back.ts';
import { holdCanary } from './hold-canary.ts';
import { isRefuted, type Leg } from './leg.ts';
import { prepare, remarksOf, type Step, type Train } from './prepare.ts';
import { recheckCanary } from './recheck-canary.ts';
import { rehearse } from './rehearse.ts';
import { rideTrain } from './ride-train.ts';
import type { RollPorts } from './roll-workload.ts';
import type { TrainRequest } from './train-request.ts';
import { refusedResult, stoppedRun, trainResult } from './train-result.ts';
import type { ChecksEnd } from './watch-checks.ts';

/**
 * Deploys, redeploys or rolls back a train, stage by stage: a canary that is held for a time goes on by itself after it,
 * as another run would let it. Throws ClusterError as long as nothing was touched.
 */
export async function roll(ports: RollPorts, request: TrainRequest): Promise<Result> {
  const { clock, interrupt, log } = ports;
  const holdMs = request.canary?.holdMs;
  let result = await rollStage(ports, request);
  while (result.reasonCode === 'canary-held' && holdMs !== undefined) {
    log.info(`${showRelease(result.release)} is held as a canary for ${Math.round(holdMs / 1000)} s`);
    await clock.sleep(holdMs, interrupt);
    if (interrupt.aborted) return result;
    const next = { ...request, release: result.release, held: 'promote' } as const;
    result = continuedResult(result, await rollStage(ports, next).catch(stopped(next)), holdMs / 1000);
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
 * fails is dealt with as the request's failure action says. Throws ClusterError as long as nothing was touched.
 */
async function rollStage(ports: RollPorts, request: TrainRequest): Promise<Result> {
  const first = await prepare(ports, request);
  const prepared = (await giveBackLeftovers(ports, first.surveys)) ? await prepare(ports, request) : first;
  if (prepared.kind === 'refused') return refusedResult(request, prepared);
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
  const concluded = await concludeAll(ports, { train, request, legs, checks });
  const acted = await actOn(ports, { train, request, concluded, blocking, barred: barred() });
  const workloads = await settle(ports, train, acted);
  const result = trainResult(request, train, workloads, checks);
  return withGateReport(ports, request, result, { admission, blocking });
}

/** A canary that stands is held, unless the whole train is about to go back. */
function concludeAll(ports: RollPorts, { train, request, legs, checks }: Ridden): Promise<readonly Concluded[]> {
  const failed = checks.verdict === 'failed' || legs.some(isRefuted);
  const goesBack = failed && actionOn(train, request) === 'rollback';
  const ending = goesBack || checks.verdict === 'failed' ? conclude : holdCanary;
  return Promise.all(legs.map((leg) => ending(ports, leg, train.release, checks)));
}

interface Ridden {
  readonly train: Train;
  readonly request: TrainRequest;
  readonly legs: readonly Leg[];
  readonly checks: ChecksEnd;
}

/** What was lent for the rollout is given back, however it went. */
function settle(
  ports: RollPorts,
  { steps }: Train,
  workloads: readonly WorkloadResult[],
): Promise<readonly WorkloadResult[]> {
  return Promise.all(
    workloads.map(async (workload, index) => {
      const step = steps[index];
      if (workload.canary) return workload;
      const lends = step && (step.survey.state.ledger.loan || !isEmpty(step.lend));
      if (!lends) return workload;
      const unreturned = await giveBackOrWarn(ports, step.survey.ref);
      return { ...workload, warnings: [...workload.warnings, ...unreturned] };
    }),
  );
}

/** Whoever asks for a rollback may say why; its target is told anyway. */
function reasonToLeave({ held, reason }: TrainRequest, { release }: Train): string {
  return reason || (held === 'abort' ? `its canary was taken back to ${release}` : `rolled back to ${release}`);
}
