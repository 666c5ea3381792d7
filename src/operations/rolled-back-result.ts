import { showRelease } from '../release/release-text.ts';
import type { AutomaticRollback, WorkloadResult } from '../result.ts';

/** How a workload's way back went: the release it led to, and the result of the rollout there. */
export interface WayBack {
  readonly to: string;
  readonly back: WorkloadResult;
  /** From the decision to the end. */
  readonly seconds: number;
}

/** The result of a workload that failed, or whose train did, and was taken back by itself. */
export function backResult(failed: WorkloadResult, { to, back, seconds }: WayBack): WorkloadResult {
  const [state, outcome, how] = endingOf(back, showRelease(to));
  const { pods, revision, images, warnings, podInTheWay } = back;
  const offset = failed.seconds;
  const { canary: _left, podInTheWay: _before, ...rest } = failed;
  return {
    ...rest,
    ...{ outcome, pods, revision, images },
    message: `${failed.message}; ${how}`,
    // What was only looked at is written to by its way back.
    changed: failed.changed || back.changed,
    warnings: [...new Set([...failed.warnings, ...warnings])],
    seconds: offset + seconds,
    timeline: [
      ...failed.timeline,
      { at: offset, text: `rolling back to ${showRelease(to)}` },
      ...back.timeline.map(({ at, text }) => ({ at: offset + at, text })),
    ],
    rollback: {
      ...{ to, state, message: how, seconds },
      ...(state === 'failed' && { reasonCode: back.reasonCode }),
      ...(podInTheWay !== undefined && { podInTheWay }),
    },
  };
}

/** The result of a workload that had to go back and could not; without `to`, since there was nothing to go back to. */
export function strandedResult(failed: WorkloadResult, why: string, to = ''): WorkloadResult {
  const message = to === '' ? `not rolled back: ${why}` : `the rollback to ${showRelease(to)} failed: ${why}`;
  const state = to === '' ? 'impossible' : 'failed';
  const outcome = to === '' ? failed.outcome : 'rollback-failed';
  return { ...failed, outcome, message: `${failed.message}; ${message}`, rollback: { to, state, message, seconds: 0 } };
}

/** The result of a workload that is back, and does not pass the checks there either. */
export function unhealed(back: WorkloadResult, failure: string): WorkloadResult {
  const message = `back on ${showRelease(back.rollback?.to ?? '')}, but ${failure}`;
  return {
    ...back,
    outcome: 'rollback-failed',
    message: `${back.message}; ${message}`,
    ...(back.rollback && { rollback: { ...back.rollback, state: 'unhealed', message } }),
  };
}

/** A workload that did nothing wrong goes back with its train. */
export function mateResult(halted: WorkloadResult): WorkloadResult {
  return {
    ...halted,
    outcome: 'failed',
    reasonCode: 'train-failed',
    message: `${halted.workload}: ${showRelease(halted.release)} failed on another workload of the train`,
  };
}

function endingOf(
  back: WorkloadResult,
  to: string,
): readonly [AutomaticRollback['state'], WorkloadResult['outcome'], string] {
  switch (back.outcome) {
    case 'succeeded':
      return ['done', 'rolled-back', `rolled back to ${to}`];
    case 'cancelled':
      return ['unfinished', 'cancelled', `being rolled back to ${to} when the run was cancelled`];
    case 'superseded':
      return ['failed', 'superseded', `the rollback to ${to} was superseded: ${whyEnded(back)}`];
    default:
      return ['failed', 'rollback-failed', `the rollback to ${to} failed: ${whyEnded(back)}`];
  }
}

/** Why a rollout ended as it did, for a sentence that has named its workload already, and that it failed. */
export function whyEnded({ workload, release, message }: WorkloadResult): string {
  const clause = without(`${workload}: `, message);
  return without(`${showRelease(release)} failed: `, clause);
}

function without(start: string, text: string): string {
  return text.startsWith(start) ? text.slice(start.length) : text;
}
