import type { WorkloadResult } from '../result.ts';
import { formatSeconds } from './duration.ts';
import { code, table } from './markdown.ts';

/** One row a workload: release and revision from → to, pods, time. */
export function workloadsTable(workloads: readonly WorkloadResult[]): string {
  return table(['Workload', 'Outcome', 'Release', 'Revision', 'Pods', 'Time'], workloads.map(row));
}

/** Which container gets which image, for every workload where one changes. */
export function imagesTable(workloads: readonly WorkloadResult[]): string {
  const rows = workloads.flatMap(({ workload, imageChanges }) =>
    imageChanges.map(({ container, from, to }) => [
      code(workload),
      code(container),
      [code(from), code(to)].filter(Boolean).join('<br>→ '),
    ]),
  );
  return table(['Workload', 'Container', 'Image'], rows);
}

function row(workload: WorkloadResult): readonly string[] {
  const { previousLabel, release, previousRevision, revision, seconds } = workload;
  return [
    code(workload.workload),
    outcomeText(workload),
    change(previousLabel, release),
    change(previousRevision, revision),
    podsText(workload),
    formatSeconds(seconds),
  ];
}

function change(from: string, to: string): string {
  const [before, after] = [code(from), code(to)];
  return before === '' || after === '' || before === after ? after || before : `${before} → ${after}`;
}

function outcomeText({ outcome, mode }: WorkloadResult): string {
  switch (outcome) {
    case 'succeeded':
    case 'unchanged':
      return outcome;
    case 'planned':
      return `planned: ${mode}`;
    default:
      return `**${outcome}**`;
  }
}

function podsText({ outcome, pods: { desired, updated, available } }: WorkloadResult): string {
  if (outcome === 'planned' || updated === desired) {
    return `${available} of ${desired} available`;
  }
  return `${available} of ${desired} available, ${updated} updated`;
}
