import { ClusterError } from '../errors.ts';
import { keepsServing } from '../rollout/max-unavailable.ts';
import { actionOn } from './failure-action.ts';
import { isRefuted, type Leg } from './leg.ts';
import type { Step, Train } from './prepare.ts';
import { type Ride, type RollPorts, rollWorkload } from './roll-workload.ts';
import type { TrainRequest } from './train-request.ts';
import { type ChecksEnd, watchChecks } from './watch-checks.ts';
import { clusterReason, stoppedResult } from './workload-result.ts';

/** Rolls all workloads and lets the checks look on: the first that ends badly ends it for all. */
export async function rideTrain(
  ports: RollPorts,
  train: Train,
  request: TrainRequest,
  how: Pick<Ride, 'leaving' | 'looksOn'>,
): Promise<{ readonly legs: readonly Leg[]; readonly checks: ChecksEnd }> {
  const checks = await request.checks({
    release: train.release,
    previousRelease: previousOf(train),
    mode: train.mode.mode,
    refs: request.refs,
    partly: train.steps.some(({ canary }) => canary?.pods !== undefined),
  });
  const [failed, checked] = [new AbortController(), new AbortController()];
  const halt = AbortSignal.any([failed.signal, ports.interrupt]);
  const complete = train.steps.map(() => Promise.withResolvers<void>());
  const policy = policyOf(train, request);
  const acts = actionOn(train, request) !== 'none';
  const rolling = Promise.all(
    train.steps.map(async (step, index) => {
      const done = complete[index]?.resolve ?? (() => undefined);
      const leg = await rollOrReport(ports, step, train, request, { ...how, halt, policy, completed: done });
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
export function policyOf({ mode }: Train, { update, rollback }: TrainRequest): Ride['policy'] {
  if (mode.mode === 'rollback') return rollback;
  return update.failureAction === 'continue' ? { ...update.policy, failFast: 'off' } : update.policy;
}

function previousOf({ steps }: Train): string {
  const [previous = '', ...others] = new Set(steps.map(({ survey }) => survey.state.live.release));
  return others.length === 0 ? previous : '';
}

/** Whether nothing is left to do for a leg, or to wait for. */
export function isWell(leg: Leg): boolean {
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
