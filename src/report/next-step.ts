import { closedIn } from '../gate/gate-report.ts';
import { lacksBlock } from '../outcome.ts';
import type { Result, WorkloadResult } from '../result.ts';
import { isLeftFailing } from './blame.ts';
import { canaryStands, holding, isHeld, isLeftHeld } from './canary.ts';
import { formatSeconds } from './duration.ts';
import { code, sentence, text } from './markdown.ts';
import { isUndecided, wasUnseen } from './no-verdict.ts';
import { afterPause } from './paused.ts';
import { outOfTheWay } from './pod-in-the-way.ts';
import { wayBack } from './way-back.ts';

/** How it stands now, and what may happen next, as Markdown. */
export function nextStep(result: Result): string {
  const stands = standing(result.workloads);
  switch (result.outcome) {
    case 'succeeded':
      return `${stands} Later steps may go on.`;
    case 'unchanged':
      return 'Nothing was written to the workload; its pods were not touched. Later steps may go on.';
    case 'planned':
      return 'Nothing was changed. To carry it out, run the rollout with the same inputs.';
    case 'rolled-back':
      return afterRollback(result);
    case 'blocked':
      return afterStop(result);
    case 'rollback-failed':
      if (result.workloads.every(({ rollback }) => !rollback || rollback.state === 'unhealed'))
        return `${stands} The checks fail on both releases, so the cause may lie outside of them: look there first.`;
      return (
        strandedBy(result, stands) ||
        `${stands} Nothing more is done by itself, since a rollback is never rolled back. Look at the workload now${orBack(result, ', then roll back as shown below')}, or deploy a release that is fixed.`
      );
    case 'aborted':
      return `${result.reason && `Why: ${sentence(text(result.reason))}\n\n`}${stands} Nothing of the canary is left.${lacksBlock(result) ? ' This job fails for its missing block alone.' : ''}`;
    case 'paused':
      if (isHeld(result)) return canaryStands(result);
      return afterPause(result, stands);
    case 'cancelled':
      return afterCancellation(result, stands);
    case 'superseded':
      return 'This run stopped watching and undid nothing. Find out who made the other change, then run the release again if it is still wanted.';
    case 'failed':
    case 'timed-out':
      return afterFailure(result, stands);
  }
}

/** The gate stops what is blocked, whoever runs it again. */
function afterRollback({ release, gate }: Result): string {
  const name = code(release) || 'the release';
  const block = gate.blocks.find((each) => each.release === release);
  if (block?.state === 'missing')
    return `If ${name} is to blame, block it first, as shown below; then fix it and deploy that as a new release. If it is not, run it again.`;
  const again = block ? 'unblock it as shown below; until then the gate stops it, in a re-run, too' : 'run it again';
  return `Fix it and deploy that as a new release. If ${name} is not to blame, ${again}.`;
}

function afterStop(result: Result): string {
  const { release, gate, environment, workloads } = result;
  const name = code(release);
  const live = workloads
    .filter(({ previousRelease, changed }) => changed || previousRelease === release)
    .map(({ workload }) => code(workload));
  const held = holding(workloads).map(({ workload }) => code(workload));
  const unchanged = result.changed ? 'It went no further.' : 'Nothing was changed.';
  const still = held.length > 0 ? 'The canary did not go on.' : unchanged;
  const stays =
    held.length > 0
      ? ` **It is still held as a canary on ${held.join(', ')}**: take it back as shown below.`
      : live.length > 0
        ? ` **It is ${result.changed ? 'now' : 'still'} live on ${live.join(', ')}**${orBack(result, ': roll back as shown below')}.`
        : '';
  if (closedIn(gate)?.id === undefined)
    return `${still} Mend what is named above, then run this job again; without the input ${code('environment')}${environment && ` (${code(environment)})`} a gate that cannot be asked stops nobody.${stays}`;
  if (result.mode === 'rollback')
    return `${still.slice(0, -1)}, and a re-run of this job changes nothing until the record is lifted. Without the input ${code('release')} a rollback goes to the last good release that is not blocked.${stays}`;
  return `${still.slice(0, -1)}, and a re-run of this job changes nothing until the record is lifted. A fixed release under a new name may enter, and so may a rollback to one that is not blocked; ${name} may still be restarted where it runs well.${stays}`;
}

function afterCancellation(result: Result, stands: string): string {
  if (result.workloads.length === 0)
    return 'It may have been written or not. Run it again: it carries on from what it finds.';
  if (!result.changed) return 'Nothing was written. Run it again when it is wanted.';
  return result.workloads.some(({ rollback }) => rollback?.state === 'unfinished')
    ? `${stands} The post step of this job sees to the end of the rollback. Look whether it did${orBack(result, ', or roll back as shown below')}.`
    : holding(result.workloads).length > 0
      ? `${stands} The canary is held back at its size. Run it again: it carries on from there; or take it back as shown below.`
      : `${stands} Kubernetes goes on with what was written. Run it again: it carries on from there and sees it to its end.`;
}

/** Where a pod is in the way of the way back; empty where that is not why it failed. */
function strandedBy({ workloads }: Result, stands: string): string {
  const deleted = outOfTheWay(workloads, 'roll back as shown below, to see it to its end');
  return deleted && `${stands}\n\n${deleted}`;
}

function afterFailure(result: Result, stands: string): string {
  const held = holding(result.workloads);
  const rollbacks = result.workloads.flatMap(({ rollback }) => rollback ?? []);
  if (isUndecided(result))
    return `${stands} A check that cannot tell says nothing about the release, so it was left as it is. See to the check, then run again to have it verified${orBack(result, `, or ${theWay(result)}`)}.`;
  if (isLeftHeld(result))
    return `The canary stays held${held.every(isHeld) ? ' at its size' : ''}: this run ended, so it does not go on by itself. See to the cause, then let it go on with ${code('promote/')}, or take it back with ${code('abort/')}, as shown below.`;
  if (result.reasonCode === 'cluster-not-found' && result.changed)
    return 'What is gone goes on no more. Find out who took it away; then create it again, and run the release again if it is still wanted.';
  if (wasUnseen(result))
    return 'Kubernetes goes on with what was written: look at the workload, then run the release again to see it to its end.';
  const again = `run this again, to see it to its end${orBack(result, `, or ${theWay(result)}`)}`;
  const deleted = outOfTheWay(result.workloads, again);
  if (deleted !== '') return `${stands} That says nothing about ${code(result.release)}.\n\n${deleted}`;
  if (result.reasonCode === 'no-canary') return '`history/` shows what runs, and what became of it.';
  if (held.length > 0)
    return `${stands} The canary stays held, and goes on no more${rollbacks.length === 0 ? ': this run undid nothing' : ''}. Run the release again once the cause is gone, or take it back as shown below.`;
  if (isLeftFailing(result)) return `${stands} ${afterRollback(result)}`;
  if (!result.changed)
    return result.outcome === 'timed-out'
      ? `${stands} This run wrote nothing: it waited for a rollout that was under way.`
      : 'Nothing was changed on the cluster. Correct it and run again.';
  if (rollbacks.length > 0)
    return `${stands} ${afterRollback(result)}${orBack(result, ' Or roll back as shown below.')}`;
  return `${stands} This run undid nothing: fix the cause and run again${orBack(result, `, or ${theWay(result)}`)}.`;
}

/** What the snippet below is for. */
function theWay({ mode }: Result): string {
  return mode === 'rollback' ? 'go on as shown below' : 'roll back as shown below';
}

function orBack(result: Result, words: string): string {
  return wayBack(result) && words;
}

function standing(workloads: readonly WorkloadResult[]): string {
  const seconds = Math.max(0, ...workloads.map((workload) => workload.seconds));
  return `After ${formatSeconds(seconds)}, ${availability(workloads)}.`;
}

/** `3 of 3 pods are available`, of all workloads together; with the pods of what was to be left that serve beside them. */
export function availability(workloads: readonly WorkloadResult[]): string {
  if (workloads.some(({ pods }) => pods.unseen)) return 'how its pods are was not seen';
  const desired = sum(workloads, ({ pods }) => pods.desired);
  const available = sum(workloads, ({ pods }) => pods.available);
  const old = sum(workloads, ({ pods }) => pods.oldAvailable ?? 0);
  const are = available === 1 ? 'is' : 'are';
  const [way] = waysOf(workloads);
  if (old > 0 && way)
    return `${available} of ${desired} pods of ${way.to} ${are} available; ${old} ${old === 1 ? 'pod' : 'pods'} of ${way.from} still ${old === 1 ? 'is' : 'are'}`;
  const beside = old === 0 ? '' : `, and ${old} old ${old === 1 ? 'one still is' : 'ones still are'}`;
  return `${available} of ${desired} pods ${are} available${beside}`;
}

/** The way back that all workloads took, by names; none where they did not take the same one. */
function waysOf(workloads: readonly WorkloadResult[]): readonly { readonly from: string; readonly to: string }[] {
  const ways = workloads.map(({ mode, rollback, release, previousLabel }) => ({
    from: code(rollback ? release : previousLabel),
    to: code(rollback ? rollback.to : mode === 'rollback' ? release : ''),
  }));
  const [first] = ways;
  return first && first.to !== '' && ways.every(({ from, to }) => from === first.from && to === first.to)
    ? [first]
    : [];
}

function sum(workloads: readonly WorkloadResult[], of: (workload: WorkloadResult) => number): number {
  return workloads.reduce((total, workload) => total + of(workload), 0);
}
