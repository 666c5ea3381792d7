import { showRelease } from '../release/release-text.ts';
import type { Result, WorkloadResult } from '../result.ts';
import { isEmpty } from '../rollout/loan.ts';
import type { Admission } from './admission.ts';
import type { Blocking } from './blocking.ts';
import { type Concluded, conclude } from './conclude.ts';
import { actionOn, actOn } from './failure-action.ts';
import { withGateReport } from './gate-result.ts';
import { giveBackOrWarn } from './give-back.ts';
import { holdCanary } from './hold-canary.ts';
import { isRefuted, type Leg } from './leg.ts';
import type { Train } from './prepare.ts';
import type { RollPorts } from './roll-workload.ts';
import type { TrainRequest } from './train-request.ts';
import { trainResult } from './train-result.ts';
import type { ChecksEnd } from './watch-checks.ts';

/** A train that was ridden, or looked at, to its end. */
export interface Ridden {
  readonly train: Train;
  readonly request: TrainRequest;
  readonly legs: readonly Leg[];
  readonly checks: ChecksEnd;
}

/** What is known of blocks by then. */
interface Known {
  readonly admission: Extract<Admission, { readonly kind: 'admitted' }>;
  readonly blocking: Blocking;
  /** Releases that nothing returns to by itself. */
  readonly barred: () => ReadonlySet<string>;
}

/** Writes down how a train ended, does what its request wants done where it failed, and gives back what was lent. */
export async function endStage(ports: RollPorts, ridden: Ridden, known: Known): Promise<Result> {
  const { train, request, legs, checks } = ridden;
  const concluded = await concludeAll(ports, ridden);
  const acted = await actOn(ports, { train, request, concluded, blocking: known.blocking, barred: known.barred() });
  const told = actionOn(train, request) === 'none' ? tellLeft(acted, concluded) : acted;
  const workloads = await settle(ports, train, told);
  const stops = legs.flatMap((leg) => (leg.kind === 'ended' && leg.closed) || []);
  // The newest is what unblock/ takes.
  const closed = stops.toSorted((one, other) => (other.id ?? 0) - (one.id ?? 0))[0];
  return withGateReport(ports, request, trainResult(request, train, workloads, checks), { ...known, closed });
}

/** A canary that stands is held, unless the whole train is about to go back. */
function concludeAll(ports: RollPorts, { train, request, legs, checks }: Ridden): Promise<readonly Concluded[]> {
  const failed = checks.verdict === 'failed' || legs.some(isRefuted);
  const goesBack = failed && actionOn(train, request) === 'rollback';
  const ending = goesBack || checks.verdict === 'failed' ? conclude : holdCanary;
  // What is about to go back is not good, however complete it is: a run that finds it there must not let it stay.
  const said = goesBack && checks.verdict === 'passed' ? { ...checks, verdict: undefined } : checks;
  return Promise.all(legs.map((leg) => ending(ports, leg, train.release, said)));
}

/** A canary that failed, and that nobody takes back, stays: nothing lets it go on. */
function tellLeft(workloads: readonly WorkloadResult[], concluded: readonly Concluded[]): readonly WorkloadResult[] {
  return workloads.map((workload, index) => {
    const { canary, message, release } = workload;
    const leg = concluded[index]?.leg;
    if (!canary || !leg || !isRefuted(leg)) return workload;
    const how = `its canary stays held, and goes on no more; run ${showRelease(release)} again once the cause is gone, or take it back with abort/`;
    return { ...workload, message: `${message}; ${how}` };
  });
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
