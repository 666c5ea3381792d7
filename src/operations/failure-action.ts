import { tellingWords } from '../foreign/telling-words.ts';
import type { WorkloadResult } from '../result.ts';
import type { Blocking } from './blocking.ts';
import type { Concluded } from './conclude.ts';
import { gatherEvidence } from './evidence.ts';
import { hasMoved, isRefuted } from './leg.ts';
import { pauseWorkload } from './pause-workload.ts';
import type { Train } from './prepare.ts';
import { returningOf, rollBackTrain } from './roll-back-train.ts';
import type { RollPorts } from './roll-workload.ts';
import { unhealed } from './rolled-back-result.ts';
import type { FailureControl, TrainRequest } from './train-request.ts';
import { watchChecks } from './watch-checks.ts';

/** A train whose legs have all come to an end. */
export interface Ended {
  readonly train: Train;
  readonly request: TrainRequest;
  readonly concluded: readonly Concluded[];
  readonly blocking: Blocking;
  /** Releases that are known to be blocked: nothing returns to them by itself. */
  readonly barred: ReadonlySet<string>;
}

/**
 * Does what the request wants done about a release that failed, once its evidence is safe: takes the whole train back,
 * or pauses it where it is. Only verdicts on the release count: what the API, somebody else or a cancelled run stopped
 * stays as it is.
 */
export async function actOn(ports: RollPorts, ended: Ended): Promise<readonly WorkloadResult[]> {
  const { train, request } = ended;
  if (!ended.concluded.some(({ leg }) => isRefuted(leg))) return ended.concluded.map(({ result }) => result);
  const action = actionOn(train, request);
  if (action === 'rollback') {
    blockFailed(ended);
    ports.remember(returningOf(ended));
  }
  const concluded = await Promise.all(ended.concluded.map((each) => withEvidence(ports, each)));
  switch (action) {
    case 'rollback':
      return checkedAgain(ports, ended, await rollBackTrain(ports, { ...ended, concluded }));
    case 'pause':
      return Promise.all(concluded.map((each) => pauseWorkload(ports, each)));
    case 'none':
      return concluded.map(({ result }) => result);
  }
}

/** Before the undo and before anything else: what failed is blocked, whether or not it can be undone. */
function blockFailed(ended: Ended): void {
  const { release } = ended.train;
  const verdicts = ended.concluded.filter(({ leg }) => isRefuted(leg)).map(({ result }) => result.message);
  // What stands since a run before was good then, and the restart of a release goes back to the same one.
  const left = ended.concluded.some(({ leg }) => hasMoved(leg));
  const restored = returningOf(ended).some((each) => each.release === release);
  if (left && !restored) ended.blocking.begin(release, verdicts.join('; '));
}

/** A release that was good must pass what the bad one was measured by; what a check cannot tell now changes nothing. */
async function checkedAgain(
  ports: RollPorts,
  { train, request }: Ended,
  workloads: readonly WorkloadResult[],
): Promise<readonly WorkloadResult[]> {
  const back = workloads.filter(({ outcome }) => outcome === 'rolled-back');
  const [release, ...others] = new Set(back.map(({ rollback }) => rollback?.to ?? ''));
  // Checks are told of one release; they cannot be asked about several.
  if (release === undefined || others.length > 0) return workloads;
  const checks = await request.checks({
    release,
    previousRelease: train.release,
    mode: 'rollback',
    refs: request.refs,
  });
  const now = Promise.resolve();
  const { verdict, message } = await watchChecks(
    ports,
    checks,
    { keepsServing: false, completed: now, over: now },
    ports.interrupt,
  );
  return verdict === 'failed'
    ? workloads.map((each) => (back.includes(each) ? unhealed(each, message) : each))
    : workloads;
}

/** What is done about a release that fails; a rollback is never rolled back (as Swarm's, Kargo's and GitLab's are not). */
export function actionOn(
  { mode }: Train,
  { update }: TrainRequest,
): Exclude<FailureControl['failureAction'], 'continue'> | 'none' {
  return mode.mode === 'rollback' || update.failureAction === 'continue' ? 'none' : update.failureAction;
}

/** The leg with what its objects show of its failure, where it failed. */
export async function withEvidence(ports: RollPorts, { leg, result }: Concluded): Promise<Concluded> {
  if (leg.kind !== 'watched' || !isRefuted(leg)) return { leg, result };
  const evidence = await gatherEvidence(ports, leg.step.survey.ref, leg.end.last, leg.end.cause);
  const words = leg.end.cause ? tellingWords(evidence, leg.end.cause) : '';
  const message = words === '' ? result.message : `${result.message}: "${words}"`;
  return { leg, result: { ...result, evidence, message } };
}
