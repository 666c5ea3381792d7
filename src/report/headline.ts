import type { Result, WorkloadResult } from '../result.ts';

/** How a foreign name is shown: as Markdown, or as plain text. */
export type Show = (name: string) => string;

const MOST_NAMED = 3;

/** One sentence, without a full stop: what happened, to which release, on what. */
export function headline(result: Result, show: Show): string {
  const release = result.release === '' ? 'the release' : `release ${show(result.release)}`;
  const where = placeOf(concerned(result), show);
  switch (result.outcome) {
    case 'succeeded':
      return successOf(result, release, where);
    case 'unchanged':
      return `Nothing changed: ${release} is already live${where}`;
    case 'planned':
      return `Plan: ${PLANNED[result.mode || 'deploy']} ${release}${where}`;
    case 'rolled-back':
      return `Rolled back to ${show(result.rolledBackTo)}: ${release} failed${where}`;
    case 'rollback-failed':
      return `Rollback failed: ${release} failed${where} and could not be taken back`;
    case 'paused':
      return `Paused: ${release} is held half way${where}`;
    case 'cancelled':
      return `Cancelled: ${release} was not seen to its end${where}`;
    case 'superseded':
      return `Superseded: another change took over before ${release} was complete${where}`;
    case 'timed-out':
      return `Timed out: ${release} is not complete${where}`;
    case 'failed':
      if (wasUnseen(result)) return `Not seen to its end: the rollout of ${release}${where}`;
      return result.changed
        ? `Failed: ${release} did not become available${where}`
        : `Nothing was changed: ${release} was not rolled out${where}`;
  }
}

/** Whether the API server kept us from seeing how a rollout went that had begun. */
export function wasUnseen({ changed, reasonCode }: Result): boolean {
  return changed && reasonCode.startsWith('cluster-');
}

const PLANNED = { deploy: 'deploy', redeploy: 'restart', rollback: 'roll back to' } as const;

function successOf(result: Result, release: string, where: string): string {
  if (result.reasonCode === 'nothing-verified') {
    return `Set but not verified: ${release} has no pods${where}`;
  }
  switch (result.mode) {
    case 'rollback':
      return `Rolled back: ${release} is live again${where}`;
    case 'redeploy':
      return `Restarted: ${release} runs on new pods${where}`;
    default:
      return `Deployed: ${release} is live${where}`;
  }
}

/** Where it went wrong, the workloads that did; else all of them. */
function concerned({ outcome, workloads }: Result): readonly WorkloadResult[] {
  const alike = workloads.filter((workload) => workload.outcome === outcome);
  return alike.length > 0 ? alike : workloads;
}

/** ` on deployment/web in namespace shop`; empty without workloads. */
function placeOf(workloads: readonly WorkloadResult[], show: Show): string {
  const [first] = workloads;
  if (!first) {
    return '';
  }
  const names = workloads.map(({ workload }) => show(workload));
  const listed = names.length > MOST_NAMED ? `${names.length} workloads` : names.join(', ');
  return ` on ${listed} in namespace ${show(first.namespace)}`;
}
