import { tellingWords } from '../foreign/telling-words.ts';
import { passes } from '../outcome.ts';
import type { Result, WorkloadResult } from '../result.ts';

/** The workloads where it went wrong; without those that had to share the lot of their train. */
export function guilty(workloads: readonly WorkloadResult[]): readonly WorkloadResult[] {
  return workloads.filter((each) => !passes(each) && each.reasonCode !== 'train-failed');
}

/** All workloads, those first where it went wrong. */
export function guiltyFirst(workloads: readonly WorkloadResult[]): readonly WorkloadResult[] {
  const first = guilty(workloads);
  return [...first, ...workloads.filter((workload) => !first.includes(workload))];
}

/** Whether a workload runs what it was taken back to, well or not. */
export function isBack({ rollback }: WorkloadResult): boolean {
  return rollback?.state === 'done' || rollback?.state === 'unhealed';
}

/** Whether the pods that failed are being replaced, or were: its way back was written, wherever that led. */
export function hasTurnedBack(workload: WorkloadResult): boolean {
  const { rollback } = workload;
  const wasWatched = rollback?.state === 'failed' && rollback.reasonCode !== undefined;
  return isBack(workload) || wasWatched || rollback?.state === 'unfinished';
}

/** Whether what failed was live before the run, which could not take it back. */
export function isLeftFailing({ changed, workloads }: Result): boolean {
  return !changed && workloads.some(({ rollback }) => rollback?.state === 'impossible');
}

/** Why a release failed, in one clause: `container app exits 3, 4 restarts: "boom"`; empty where nothing tells. Foreign text. */
export function whyFailed(result: Result): string {
  if (result.reasonCode === 'check-failed') return failedCheck(result);
  if (result.reasonCode.startsWith('check-')) return result.message;
  return (
    guilty(result.workloads)
      // That the time was over is what such a run is called by.
      .map(result.outcome === 'timed-out' ? clauseOf : causeOf)
      .find((clause) => clause !== '') ?? ''
  );
}

/**
 * The cause of one workload's failure, with what its container or its probe said last, and with the deadline where only
 * that ended the wait; empty where nothing tells. Foreign text.
 */
export function causeOf(workload: WorkloadResult): string {
  const { deadline = '' } = workload.cause ?? {};
  return deadline === '' ? clauseOf(workload) : `${deadline}: ${clauseOf(workload)}`;
}

function clauseOf({ cause, evidence }: WorkloadResult): string {
  if (!cause) return '';
  const words = evidence ? tellingWords(evidence, cause) : '';
  return words === '' ? cause.message : `${cause.message}: "${words}"`;
}

function failedCheck({ checks }: Result): string {
  const failed = checks.find(({ state }) => state === 'failed');
  return failed ? `check ${failed.name} failed: ${failed.message}` : '';
}
