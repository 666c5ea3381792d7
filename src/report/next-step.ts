import type { Result, WorkloadResult } from '../result.ts';
import { formatSeconds } from './duration.ts';
import { wasUnseen } from './headline.ts';
import { wayBack } from './way-back.ts';

/** The sentence below the headline: how it stands now, and what may happen next. */
export function nextStep(result: Result): string {
  switch (result.outcome) {
    case 'succeeded':
      return `${standing(result.workloads)} Later steps may go on.`;
    case 'unchanged':
      return 'Nothing was written to the workload; its pods were not touched. Later steps may go on.';
    case 'planned':
      return 'Nothing was changed. To carry it out, run the rollout with the same inputs.';
    case 'rolled-back':
      return 'Fix the cause, then deploy it as a new release.';
    case 'rollback-failed':
      return `${standing(result.workloads)} Look at the workload now.`;
    case 'paused':
      return 'Both releases run until somebody decides.';
    case 'cancelled':
      return 'Run it again: it goes on from where this run stopped.';
    case 'superseded':
      return 'This run stopped watching and undid nothing. Find out who made the other change, then run the release again if it is still wanted.';
    case 'failed':
    case 'timed-out':
      if (wasUnseen(result))
        return 'Kubernetes goes on with what was written: look at the workload, then run the release again to see it to its end.';
      if (result.outcome === 'timed-out' && !result.changed)
        return `${standing(result.workloads)} This run wrote nothing: it waited for a rollout that was under way.`;
      return result.changed
        ? `${standing(result.workloads)} This run undid nothing: fix the cause and run again${wayBack(result) && ', or roll back as shown below'}.`
        : 'Nothing was changed on the cluster. Correct it and run again.';
  }
}

function standing(workloads: readonly WorkloadResult[]): string {
  const desired = sum(workloads, ({ pods }) => pods.desired);
  const available = sum(workloads, ({ pods }) => pods.available);
  const seconds = Math.max(0, ...workloads.map((workload) => workload.seconds));
  return `After ${formatSeconds(seconds)}, ${available} of ${desired} pods ${desired === 1 ? 'is' : 'are'} available.`;
}

function sum(workloads: readonly WorkloadResult[], of: (workload: WorkloadResult) => number): number {
  return workloads.reduce((total, workload) => total + of(workload), 0);
}
