import { passes } from '../outcome.ts';
import { findEntry, isGood, verdictOf } from '../release/ledger.ts';
import { showRelease } from '../release/release-text.ts';
import type { WorkloadResult } from '../result.ts';
import { podsOf } from '../rollout/blue-green-patch.ts';
import type { Service } from '../rollout/service.ts';
import type { Blocking } from './blocking.ts';
import { servedByOld, switchBack } from './blue-green-back.ts';
import type { Prepared } from './blue-green-prepare.ts';
import type { BlueGreenPorts, BlueGreenRequest } from './blue-green-request.ts';
import type { Moved } from './colour-trip.ts';
import type { Concluded } from './conclude.ts';
import { actionOn, withEvidence } from './failure-action.ts';
import { isRefuted } from './leg.ts';
import { restoreUnserved } from './restore-colour.ts';
import { strandedResult, unhealed, whyEnded } from './rolled-back-result.ts';
import type { Survey } from './survey.ts';
import { type ChecksEnd, watchChecks } from './watch-checks.ts';

/** What a failure has to do with the promotion gate. */
export interface Dealing {
  readonly blocking: Blocking;
  /** Releases that are known to be blocked: nothing returns to them by itself. */
  readonly barred: () => ReadonlySet<string>;
}

/**
 * A release that did not do well on the idle colour is never switched to. Where it failed and that is to be rolled back, it
 * is blocked first, and the idle colour gets back what it had.
 */
export async function beforeSwitch(
  ports: BlueGreenPorts,
  request: BlueGreenRequest,
  prepared: Prepared,
  concluded: Concluded,
  checks: ChecksEnd,
  { blocking }: Dealing,
): Promise<WorkloadResult> {
  const { surveys, live, train } = prepared;
  const old = surveys[live];
  const served = `${showRelease(old.state.live.label)} on ${old.state.workload} served all the time`;
  const never = `service ${request.service.name} was never switched, ${served}`;
  if (!isRefuted(concluded.leg)) return unproven(concluded.result, checks, never);
  const isUndone = actionOn(train, request) === 'rollback';
  if (isUndone) blocking.begin(train.release, concluded.result.message);
  const { leg, result } = await withEvidence(ports, concluded);
  if (!isUndone || leg.kind !== 'watched') return { ...result, message: `${result.message}; ${never}` };
  const begin = ports.clock.now();
  const tried = await restoreUnserved(ports, request, prepared, leg.deployment.spec.template);
  if ('kept' in tried) return strandedResult(result, tried.kept, old.state.live.release || old.state.live.label);
  const seconds = (ports.clock.now() - begin) / 1000;
  return servedByOld(result, old, old.state.deployment, { message: `${never}; ${tried.restored}`, seconds });
}

/** What ended without a verdict on the release is no reason to put it before users. */
function unproven(result: WorkloadResult, { verdict, message }: ChecksEnd, never: string): WorkloadResult {
  if (!passes(result)) return { ...result, message: `${result.message}; ${never}` };
  const undecided = verdict === 'inconclusive' || verdict === 'error';
  return {
    ...result,
    outcome: 'failed',
    reasonCode: undecided ? `check-${verdict}` : 'nothing-verified',
    message: `${result.workload}: ${undecided ? message : 'no pods, nothing verified'}; ${never}`,
  };
}

/** What a release that serves is measured against, and what comes after it. */
export interface Serving {
  readonly service: Service;
  /** The colour to go back to. */
  readonly old: Survey;
  /** Whether it served when the run began. */
  readonly served: boolean;
  /** Gives the colour that is left what it had before this run, where this run changed it. A clause for people. */
  readonly restore: (() => Promise<string>) | undefined;
}

/** A release that serves and fails is left by switching back, at once, unless nothing is to be done about failures. */
export async function afterSwitch(
  ports: BlueGreenPorts,
  request: BlueGreenRequest,
  { train }: Prepared,
  concluded: Concluded,
  { service, old, served, restore }: Serving,
  { blocking, barred }: Dealing,
): Promise<Moved> {
  const stands = (result: WorkloadResult): Moved => ({ result, service, switched: 'yes' });
  if (!isRefuted(concluded.leg)) return stands(concluded.result);
  const { release } = train;
  const isUndone = actionOn(train, request) === 'rollback';
  const explained = async () => (await withEvidence(ports, concluded)).result;
  if (!isUndone) {
    const result = await explained();
    return stands({ ...result, message: `${result.message}; service ${request.service.name} stays on it` });
  }
  blocking.begin(release, concluded.result.message);
  const to = old.state.live.release || old.state.live.label;
  const obstacle = obstacleTo(old, served, release, barred());
  if (obstacle) return stands(strandedResult(await explained(), obstacle));
  const way = `from ${showRelease(release)} to ${showRelease(to)}`;
  ports.log.info(`${concluded.result.workload}: ROLLING_BACK ${way}: ${whyEnded(concluded.result)}`);
  // Its pods stay when nobody is served by them: they can be looked at after the way back.
  const { leg } = concluded;
  const leaving = leg.kind === 'watched' ? podsOf(leg.deployment) : 0;
  const replicas = Math.max(podsOf(old.state.deployment), leaving);
  const back = await switchBack(ports, request, service, { old, replicas });
  const result = await explained();
  if (back.kind === 'stranded') return stands(strandedResult(result, back.why, to));
  const switched = `service ${request.service.name} was switched back to ${old.state.workload} (${showRelease(to)})`;
  const restored = restore ? `; ${await restore()}` : '';
  const { seconds } = back;
  const message = `${switched}${restored}`;
  const returned = { ...servedByOld(result, old, back.deployment, { message, seconds }), changed: true };
  const healed = await checkedAgain(ports, request, returned, { to, from: release, old });
  return { result: healed, service: back.service, switched: 'back' };
}

/** Why the colour that served before is not gone back to. */
function obstacleTo(
  { state }: Survey,
  served: boolean,
  leaving: string,
  barred: ReadonlySet<string>,
): string | undefined {
  const { live, liveState, ledger, proven, workload } = state;
  const release = live.release || live.label;
  const entry = findEntry(ledger, release);
  if (barred.has(release) || entry?.blockedAt !== undefined)
    return `${showRelease(release)}, which ${workload} has, is blocked`;
  if (release === leaving) return `${workload} has the same release`;
  const hasFailed = liveState === 'failed' || (entry && verdictOf(entry) === 'failed');
  if (proven || (entry && isGood(entry)) || (served && !hasFailed)) return undefined;
  return `${showRelease(release)}, which ${workload} has, is not known to be good`;
}

/** A release that was good must pass what the bad one was measured by; what a check cannot tell now changes nothing. */
async function checkedAgain(
  ports: BlueGreenPorts,
  request: BlueGreenRequest,
  result: WorkloadResult,
  { to, from, old }: { readonly to: string; readonly from: string; readonly old: Survey },
): Promise<WorkloadResult> {
  const checks = await request.checks({ release: to, previousRelease: from, mode: 'rollback', refs: [old.ref] });
  const now = Promise.resolve();
  const stage = { keepsServing: false, completed: now, over: now };
  const { verdict, message } = await watchChecks(ports, checks, stage, ports.interrupt);
  return verdict === 'failed' ? unhealed(result, message) : result;
}
