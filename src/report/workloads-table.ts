import type { Result, WorkloadResult } from '../result.ts';
import { guilty, hasTurnedBack, isBack } from './blame.ts';
import { canaryPods } from './canary.ts';
import { formatSeconds } from './duration.ts';
import { code, table } from './markdown.ts';
import { isUndecided } from './no-verdict.ts';

/** One row a workload: release and revision from → to, pods, time. */
export function workloadsTable(
  workloads: readonly WorkloadResult[],
  result?: Pick<Result, 'blueGreen' | 'reasonCode'>,
): string {
  const [culprit] = guilty(workloads);
  const undecided = result !== undefined && isUndecided(result);
  const rows = workloads.map((workload) => row(workload, culprit, result?.blueGreen, undecided));
  return table(['Workload', 'Outcome', 'Release', 'Revision', 'Pods', 'Time'], rows);
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

function row(
  workload: WorkloadResult,
  culprit: WorkloadResult | undefined,
  blueGreen: Result['blueGreen'],
  undecided: boolean,
): readonly string[] {
  const { previousRevision, revision, seconds, pods } = workload;
  const outcome = undecided && workload.outcome === 'succeeded' ? '**not verified**' : outcomeText(workload);
  return [
    code(workload.workload),
    `${outcome}${company(workload, culprit)}`,
    path(...wayOf(workload, blueGreen)),
    pods.unseen ? '' : path(previousRevision, revision),
    podsText(workload, blueGreen),
    workload.outcome === 'planned' ? '' : formatSeconds(seconds),
  ];
}

function wayOf(workload: WorkloadResult, blueGreen: Result['blueGreen']): readonly string[] {
  const { outcome, previousLabel, release, rollback, canary } = workload;
  // What the gate stopped never was there, unless as a canary that it stopped from going on.
  if (outcome === 'blocked' && !canary) return [previousLabel];
  // Of a colour that was never switched to, what it had itself; not what serves.
  const before = wasNeverServed(workload, blueGreen) ? (blueGreen.idle.before ?? blueGreen.idle.label) : undefined;
  if (!hasTurnedBack(workload)) return [before ?? previousLabel, release];
  return [before ?? previousLabel, release, before ?? rollback?.to ?? ''];
}

/** Whether it is the colour that a run meant to switch to, and did not. */
function wasNeverServed(
  { workload, outcome }: WorkloadResult,
  blueGreen: Result['blueGreen'],
): blueGreen is NonNullable<Result['blueGreen']> {
  return blueGreen?.switched === 'no' && blueGreen.idle.workload === workload && outcome !== 'planned';
}

/** From where to where, and back. */
function path(...stations: readonly string[]): string {
  const known = stations.map(code).filter((station) => station !== '');
  return known.filter((station, index) => station !== known[index - 1]).join(' → ');
}

/** With whom a workload went back that did nothing wrong itself. */
function company(workload: WorkloadResult, culprit: WorkloadResult | undefined): string {
  const follows = workload.reasonCode === 'train-failed' && isBack(workload);
  return follows && culprit ? ` with ${code(culprit.workload)}` : '';
}

function outcomeText({ outcome, reasonCode, mode }: WorkloadResult): string {
  if (reasonCode === 'canary-held') return 'canary held';
  switch (outcome) {
    case 'succeeded':
    case 'unchanged':
    case 'aborted':
      return outcome;
    case 'planned':
      return `planned: ${mode}`;
    default:
      return `**${outcome}**`;
  }
}

function podsText(workload: WorkloadResult, blueGreen: Result['blueGreen']): string {
  const { outcome, canary } = workload;
  const { desired, updated, available, oldAvailable } = workload.pods;
  // The counts are those of what serves.
  if (isBack(workload) && wasNeverServed(workload, blueGreen)) return idleText(blueGreen.idle.pods);
  if (workload.pods.unseen) return 'not seen';
  if (canary) return canaryPods(canary);
  if (outcome === 'planned' && desired === 0) return 'no pods';
  if (outcome === 'planned' || updated === desired) {
    return `${available} of ${desired} available`;
  }
  const old = oldAvailable === undefined ? '' : `, ${oldAvailable} old available`;
  return `${available} of ${desired} available, ${updated} updated${old}`;
}

function idleText(pods: number): string {
  return pods === 0 ? 'no pods' : `${pods}, serving nobody`;
}
