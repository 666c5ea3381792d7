import type { Result, WorkloadResult } from '../result.ts';
import { SCALED_TO_NONE } from '../rollout/canary-status.ts';
import { isHeld, leftHeld } from './held-text.ts';

const NO_PODS = { desired: 0, updated: 0, available: 0 } as const;

/** The result of a run that could let nothing go on that it held: that stays held, as far as anybody knows. */
export function stoppedWhileHeld(before: Result, now: Result): Result {
  const { outcome, reasonCode } = now;
  const workloads = before.workloads.map((each) => stoppedWorkload(each, before, now));
  const held = workloads.filter(isHeld).map(({ message }) => message);
  return { ...before, outcome, reasonCode, message: [now.message, ...held].join('; '), workloads };
}

/** Whether a last look saw nothing, and so let nothing go on. */
export function wentUnseen(now: Result): boolean {
  return isUnseen(now) && !now.changed && now.workloads.every((each) => isUnseen(each) || saysNothing(each));
}

/** Whether nobody answered who could say how it stands, or whether it may go on. */
export function isUnread({ reasonCode }: Pick<Result, 'reasonCode'>): boolean {
  return reasonCode === 'gate-unreadable' || isUnseen({ reasonCode });
}

function stoppedWorkload(each: WorkloadResult, before: Result, now: Result): WorkloadResult {
  const { canary, ...rest } = each;
  if (!canary || !isHeld(each)) return each;
  const own = problemOf(each, now);
  // What is about none of them is about their namespace.
  const isOwn = own !== undefined || !before.workloads.some((other) => problemOf(other, now) !== undefined);
  const failed = { outcome: now.outcome, reasonCode: now.reasonCode, message: own ?? now.message };
  if (now.reasonCode === 'cluster-not-found' && isOwn) return { ...rest, ...failed, pods: NO_PODS };
  if (own?.endsWith(SCALED_TO_NONE))
    return { ...each, ...failed, pods: NO_PODS, canary: { ...canary, pods: 0, beside: 0, abandoned: true } };
  return leftHeld(each, 'this run could not let it go on');
}

/** The line that says what is wrong with this workload. */
function problemOf({ workload, namespace }: WorkloadResult, { message }: Result): string | undefined {
  const name = workload.replace('/', ` ${namespace}/`);
  return message.split('\n').find((line) => line.startsWith(`${name}: `));
}

/** Whether nothing was found against it, or it was not waited for, since another workload could not be seen. */
function saysNothing({ outcome, reasonCode }: WorkloadResult): boolean {
  return ['canary-held', 'cancelled'].includes(reasonCode) || ['succeeded', 'unchanged'].includes(outcome);
}

function isUnseen({ reasonCode }: Pick<Result, 'reasonCode'>): boolean {
  return reasonCode.startsWith('cluster-') && reasonCode !== 'cluster-not-found';
}
