import { agreed } from '../agreed.ts';
import { ClusterError, errorMessage, InputError } from '../errors.ts';
import { passes } from '../outcome.ts';
import type { Outcome, Result, WorkloadResult } from '../result.ts';
import type { Refused, Train } from './prepare.ts';
import type { TrainRequest } from './train-request.ts';
import type { ChecksEnd } from './watch-checks.ts';
import { clusterReason } from './workload-result.ts';

type About = Pick<TrainRequest, 'release' | 'trigger' | 'actor' | 'runUrl' | 'reason' | 'environment' | 'scope'>;

type Standing = Outcome | 'canary-held';

/** From bad to good: the train's outcome is its worst workload's. A canary that is held is paused, and well. */
const WORST_FIRST: readonly Standing[] = [
  'rollback-failed',
  'failed',
  'timed-out',
  'rolled-back',
  'paused',
  'cancelled',
  'superseded',
  'blocked',
  'canary-held',
  'planned',
  'aborted',
  'succeeded',
  'unchanged',
];

/** The result of a train from its workloads': all of them count, the worst decides. */
export function trainResult(
  request: TrainRequest,
  train: Train,
  workloads: readonly WorkloadResult[],
  checks: ChecksEnd = NO_CHECKS,
): Result {
  // What was not touched since another one failed decides nothing.
  const touched = workloads.filter(
    ({ reasonCode, changed, rollback }) => reasonCode !== 'train-failed' || changed || rollback,
  );
  const judged = touched.length > 0 ? touched : workloads;
  const worst = WORST_FIRST.find((candidate) => judged.some((workload) => standingOf(workload) === candidate));
  const alike = judged.filter((workload) => standingOf(workload) === worst);
  const { outcome, reasonCode } = alike[0] ?? { outcome: 'unchanged', reasonCode: 'already-live' };
  const guilty = alike.filter(({ reasonCode }) => reasonCode !== 'train-failed');
  const deciding = guilty.length > 0 ? guilty : alike;
  const back = workloads.filter(({ rollback }) => rollback?.state === 'done' || rollback?.state === 'unhealed');
  return {
    ...nothing(request),
    outcome,
    reasonCode: deciding[0]?.reasonCode ?? 'already-live',
    message: deciding.map(({ message }) => message).join('; '),
    ...(passes({ outcome, reasonCode }) && undecided(checks)),
    rolledBackTo: agreed(back, ({ rollback }) => rollback?.to ?? ''),
    checks: checks.reports,
    mode: train.mode.mode,
    modeReason: train.mode.reason,
    versionChange: train.mode.versionChange,
    direction: train.mode.direction,
    goesOn: goesOn(train),
    release: train.release,
    previousRelease: agreed(workloads, ({ previousRelease }) => previousRelease),
    lastAttemptedRelease: agreed(workloads, ({ lastAttemptedRelease }) => lastAttemptedRelease),
    lastGoodRelease: agreed(workloads, ({ lastGoodRelease }) => lastGoodRelease),
    firstDeployment: train.mode.firstDeployment,
    changed: workloads.some(({ changed }) => changed),
    workloads,
  };
}

function goesOn({ steps }: Train): boolean {
  return steps.some(({ canary }) => canary) && steps.every(({ change }) => change.kind === 'keep');
}

function standingOf({ outcome, reasonCode }: WorkloadResult): Standing {
  return reasonCode === 'canary-held' ? reasonCode : outcome;
}

const NO_CHECKS: ChecksEnd = { reports: [], verdict: 'passed', message: '' };

/** A check that cannot tell stops the run, and takes nothing back; nor does one that fails where nothing was moved. */
function undecided({ verdict, message }: ChecksEnd): Partial<Result> {
  const stops = verdict === 'failed' || verdict === 'inconclusive' || verdict === 'error';
  return stops ? { outcome: 'failed', reasonCode: `check-${verdict}`, message } : {};
}

/** The result of a train that did not start: nothing was touched. */
export function refusedResult(
  about: About,
  { reasonCode, problems }: Pick<Refused, 'reasonCode' | 'problems'>,
): Result {
  return { ...nothing(about), reasonCode, message: problems.join('\n') };
}

/** The result of a run that an error stopped before anything was touched. */
export function stoppedRun(about: About, error: unknown): Result {
  if (error instanceof InputError)
    return refusedResult(about, { reasonCode: 'invalid-input', problems: error.problems });
  const reasonCode = error instanceof ClusterError ? clusterReason(error) : 'internal-error';
  return refusedResult(about, { reasonCode, problems: [errorMessage(error)] });
}

/** The result of a cancelled run that could not find out in time how it stands. */
export function cancelledRun(about: About): Result {
  const message = 'cancelled, and the API server did not answer in time to tell how it stands; run it again';
  return { ...nothing(about), outcome: 'cancelled', reasonCode: 'cancelled', message };
}

function nothing({ release, trigger, actor, runUrl, reason, environment, scope }: About): Result {
  return {
    schemaVersion: 1,
    outcome: 'failed',
    reasonCode: 'internal-error',
    message: '',
    mode: '',
    modeReason: '',
    versionChange: 'unknown',
    direction: 'unknown',
    goesOn: false,
    release,
    previousRelease: '',
    lastAttemptedRelease: '',
    lastGoodRelease: '',
    firstDeployment: false,
    trigger,
    actor,
    runUrl,
    reason,
    environment,
    scope,
    gate: { answer: 'not-asked', blocks: [], warnings: [] },
    changed: false,
    rolledBackTo: '',
    checks: [],
    workloads: [],
  };
}
