import { ClusterError } from '../errors.ts';
import type { Result, WorkloadResult } from '../result.ts';
import { keepsServing } from '../rollout/max-unavailable.ts';
import { conclude } from './conclude.ts';
import { actionOn, actOn } from './failure-action.ts';
import { isRefuted, type Leg } from './leg.ts';
import { prepare, type Step, type Train } from './prepare.ts';
import { returnBorrowed } from './return-borrowed.ts';
import { type Ride, type RollPorts, rollWorkload } from './roll-workload.ts';
import type { TrainRequest } from './train-request.ts';
import { refusedResult, trainResult } from './train-result.ts';
import { type ChecksEnd, watchChecks } from './watch-checks.ts';
import { clusterReason, outrunResult, stoppedResult } from './workload-result.ts';
import { writeTemplate } from './write-template.ts';

/**
 * Deploys, redeploys or rolls back a train: all workloads are read and decided first, several are rehearsed by server-side
 * dry run, and only then is anything touched; then all roll at once, and end together. A release that fails is dealt with
 * as the request's failure action says. Throws ClusterError as long as nothing was touched.
 */
export async function roll(ports: RollPorts, request: TrainRequest): Promise<Result> {
  const first = await prepare(ports, request);
  const train = (await returnBorrowed(ports, first.surveys)) ? await prepare(ports, request) : first;
  if (train.kind === 'refused') return refusedResult(request, train);
  ports.log.info(`${train.mode.mode} ${train.release}: ${train.mode.reason}`);
  const outrun = await rehearse(ports, train);
  if (outrun.length > 0) return trainResult(request, train, outrun);
  const { legs, checks } = await ride(ports, train, request);
  const concluded = await Promise.all(legs.map((leg) => conclude(ports, leg, train.release, checks)));
  const workloads = await actOn(ports, { train, request, concluded });
  return trainResult(request, train, workloads, checks);
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

/** Rolls all workloads and lets the checks look on: the first that ends badly ends it for all. */
async function ride(
  ports: RollPorts,
  train: Train,
  request: TrainRequest,
): Promise<{ readonly legs: readonly Leg[]; readonly checks: ChecksEnd }> {
  const checks = await request.checks({
    release: train.release,
    previousRelease: previousOf(train),
    mode: train.mode.mode,
    refs: request.refs,
  });
  const [failed, checked] = [new AbortController(), new AbortController()];
  const halt = AbortSignal.any([failed.signal, ports.interrupt]);
  const complete = train.steps.map(() => Promise.withResolvers<void>());
  const policy = policyOf(train, request);
  const acts = actionOn(train, request) !== 'none';
  const rolling = Promise.all(
    train.steps.map(async (step, index) => {
      const done = complete[index]?.resolve ?? (() => undefined);
      const leg = await rollOrReport(ports, step, train, request, { halt, policy, completed: done });
      done();
      if (isRefuted(leg) && acts) failed.abort();
      if (!isWell(leg)) checked.abort();
      return leg;
    }),
  );
  const stage = {
    keepsServing: train.steps.every(({ survey }) => keepsServing(survey.state.deployment)),
    completed: Promise.all(complete.map(({ promise }) => promise)).then(() => undefined),
    over: rolling.then(
      () => undefined,
      () => undefined,
    ),
  };
  const looking = watchChecks(ports, checks, stage, AbortSignal.any([halt, checked.signal])).then((end) => {
    if (end.verdict === 'failed' && acts) failed.abort();
    return end;
  });
  try {
    const legs = await rolling;
    return { legs, checks: await looking };
  } finally {
    checked.abort();
  }
}

/** A rollback is watched by its own rules; where nothing is done about failures, they are not looked for either. */
function policyOf({ mode }: Train, { update, rollback }: TrainRequest): Ride['policy'] {
  if (mode.mode === 'rollback') return rollback;
  return update.failureAction === 'continue' ? { ...update.policy, failFast: 'off' } : update.policy;
}

function previousOf({ steps }: Train): string {
  const [previous = '', ...others] = new Set(steps.map(({ survey }) => survey.state.live.release));
  return others.length === 0 ? previous : '';
}

function isWell(leg: Leg): boolean {
  return leg.kind === 'kept' || (leg.kind === 'watched' && leg.end.status.state === 'done');
}

/** An error on one workload must not hide what happened to the others. */
async function rollOrReport(
  ports: RollPorts,
  step: Step,
  train: Train,
  request: TrainRequest,
  ride: Ride,
): Promise<Leg> {
  try {
    return await rollWorkload(ports, step, train, request, ride);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    ports.log.warn(error.message);
    const result = stoppedResult(step, train.release, clusterReason(error), error.message);
    return { kind: 'ended', step, result };
  }
}
