import { plainLine } from '../foreign/plain-text.ts';
import { closedIn } from '../gate/gate-report.ts';
import { passes } from '../outcome.ts';
import type { Result, WorkloadResult } from '../result.ts';
import { guilty, isBack, isLeftFailing, whyFailed } from './blame.ts';
import { canaryCounts, canaryPlan, holding, isHeld, isLeftHeld } from './canary.ts';
import { isUndecided, wasUnseen } from './no-verdict.ts';
import { podInTheWay } from './pod-in-the-way.ts';
import { PLAIN, type Show } from './show.ts';

const MOST_NAMED = 3;
const LONGEST_WHY = 300;

/** One sentence, without a full stop: what happened, to which release, on what, and why. */
export function headline(result: Result, show: Show): string {
  const why = plainLine(whyEnded(result), LONGEST_WHY);
  return `${happened(result, show)}${why && ` – ${show.prose(why)}`}`;
}

/** The headline above the run's message: why it ended so only where the message does not say it. */
export function title(result: Result): string {
  const message = plainLine(result.message);
  const why = [whyEnded(result), ...guilty(result.workloads).map(({ cause }) => cause?.message || undefined)];
  const told =
    result.outcome === 'blocked' || why.some((words) => words !== undefined && message.includes(plainLine(words)));
  return told ? happened(result, PLAIN) : headline(result, PLAIN);
}

function whyEnded(result: Result): string {
  if (result.outcome === 'blocked') return whyStopped(result);
  return passes(result) || !(result.changed || isLeftFailing(result)) ? '' : whyFailed(result);
}

/** In few words, since the message has the block's reason. */
function whyStopped({ gate }: Result): string {
  const closed = closedIn(gate);
  if (!closed?.block) return closed?.why ?? '';
  const { environment, actor } = closed.block;
  return `it is blocked${actor && ` by a run of ${actor}`}${environment && `, since it proved bad in ${environment}`}`;
}

function happened(result: Result, show: Show): string {
  const release = result.release === '' ? 'the release' : `release ${show.name(result.release)}`;
  const where = placeOf(concerned(result), show);
  switch (result.outcome) {
    case 'succeeded':
      return successOf(result, release, where);
    case 'unchanged':
      return `Nothing changed: ${release} is already live${where}`;
    case 'planned':
      return `Plan: ${planOf(result, release)}${where}`;
    case 'rolled-back':
      if (result.blueGreen?.switched === 'no') return `Never switched to: ${release} failed${where}`;
      return `Rolled back${to(result.rolledBackTo, show)}: ${release} failed${where}`;
    case 'rollback-failed':
      return strandingOf(result, release, show);
    case 'paused':
      return isHeld(result)
        ? `Holding a canary: ${release} ${canaryCounts(result.workloads, show)}${where}`
        : `Paused half way: ${release} failed${where}`;
    case 'aborted':
      return `Aborted the canary${of(abortedOf(result, show))}${unblocked(result)}: ${release} has all pods again${where}`;
    case 'cancelled':
      return cancellationOf(result, release, where, show);
    case 'blocked':
      return `Stopped by the gate: ${release} ${holding(result.workloads).length > 0 ? 'did not go on as a canary' : 'was not rolled out'}${where}`;
    case 'superseded':
      return `Superseded: another change took over before ${release} was complete${where}`;
    case 'timed-out':
      return `${result.mode === 'rollback' ? 'Rollback timed' : 'Timed'} out: ${release} is not complete${where}`;
    case 'failed':
      return failureOf(result, release, where);
  }
}

function planOf({ mode, workloads }: Result, release: string): string {
  switch (canaryPlan(workloads)) {
    case 'hold':
      return `hold a canary of ${release}`;
    case 'let go on':
      return `let the canary of ${release} go on to all pods`;
    default:
      return `${PLANNED[mode || 'deploy']} ${release}`;
  }
}

const PLANNED = { deploy: 'deploy', redeploy: 'restart', rollback: 'roll back to' } as const;

function successOf(result: Result, release: string, where: string): string {
  if (result.reasonCode === 'nothing-verified') {
    return `Set but not verified: ${release} has no pods${where}`;
  }
  switch (result.mode) {
    case 'rollback':
      // What a canary stood beside was live all the time.
      if (result.workloads.every(({ leavesCanary }) => leavesCanary))
        return `Rolled back: ${release} has all pods again${where}`;
      return `Rolled back: ${release} is live again${where}`;
    case 'redeploy':
      return `Restarted: ${release} runs on new pods${where}`;
    default:
      return `Deployed: ${release} is live${where}`;
  }
}

function failureOf(result: Result, release: string, where: string): string {
  if (result.blueGreen?.switched === 'no' && result.changed)
    return `Not switched: ${release} was not seen well${where}`;
  if (isUndecided(result))
    return `Not verified: ${release} is ${holding(result.workloads).length > 0 ? 'held as a canary' : 'live'}${where}`;
  if (result.reasonCode === 'no-canary')
    return `Nothing was changed: no canary${result.release && ` of ${release}`} is held`;
  if (result.reasonCode === 'held-up')
    return result.workloads.some(podInTheWay)
      ? `Held up: ${release} waits for a pod of another release${where}`
      : `Held up: the canary of ${release} was scaled away${where}`;
  if (isLeftHeld(result)) return `Not let go on: ${release} is still held as a canary${where}`;
  if (wasUnseen(result)) return `Not seen to its end: the rollout of ${release}${where}`;
  if (result.reasonCode === 'check-failed') return `Failed: ${release} does not pass its checks${where}`;
  const stays = result.workloads.some(({ rollback }) => rollback?.state === 'impossible');
  if (!stays && holding(result.workloads).length > 0)
    return `Failed as a canary: ${release} was left where it is${where}`;
  if (isLeftFailing(result))
    return `Failed and not rolled back: ${release}, which is live, does not become available${where}`;
  if (!result.changed) return `Nothing was changed: ${release} was not rolled out${where}`;
  const failed = result.mode === 'rollback' ? 'Rollback failed' : `Failed${stays ? ' and not rolled back' : ''}`;
  return `${failed}: ${release} did not become available${where}`;
}

/** First what stands where it should not, then why it was to be left. */
function strandingOf(result: Result, release: string, show: Show): string {
  const back = result.workloads.filter(isBack);
  if (back.length === result.workloads.filter(({ rollback }) => rollback).length)
    return `Rolled back${to(targetOf(result), show)}, but the checks fail there, too: ${release} failed${placeOf(guilty(result.workloads), show)}`;
  const stuck = result.workloads.filter(({ outcome }) => outcome === 'rollback-failed');
  const elsewhere = guilty(result.workloads).filter((workload) => !stuck.includes(workload));
  const failed = `${release} failed${elsewhere.length > 0 ? placeOf(guilty(result.workloads), show) : ''}`;
  return `Rollback${to(targetOf(result), show)} failed${placeOf(stuck, show)}: ${failed}`;
}

function cancellationOf(result: Result, release: string, where: string, show: Show): string {
  const returning = result.workloads.some(({ rollback }) => rollback?.state === 'unfinished');
  if (returning) return `Cancelled on the way back${to(targetOf(result), show)}: ${release} failed${where}`;
  if (result.workloads.length === 0) return `Cancelled: how far ${release} came was not seen`;
  return result.changed
    ? `Cancelled: ${release} was not seen to its end${where}`
    : `Cancelled before anything was changed: ${release} was not rolled out${where}`;
}

/** Where all workloads were to go back to; empty where they differ. */
function targetOf({ workloads }: Result): string {
  const [target = '', ...others] = new Set(workloads.flatMap(({ rollback }) => rollback?.to || []));
  return others.length === 0 ? target : '';
}

/** What was taken back; of a train, without the workloads that had none. */
function abortedOf({ workloads }: Result, show: Show): string {
  const aborted = workloads.filter(({ outcome }) => outcome === 'aborted');
  return [...new Set(aborted.map(({ previousRelease }) => show.name(previousRelease)))].filter(Boolean).join(', ');
}

function unblocked({ gate }: Result): string {
  return gate.blocks.some(({ state }) => state === 'missing') ? ' without blocking it' : '';
}

function of(name: string): string {
  return name && ` of ${name}`;
}

function to(release: string, show: Show): string {
  return release && ` to ${show.name(release)}`;
}

/** Where it went wrong; else the workloads that ended as the run did; else all of them. */
function concerned(result: Result): readonly WorkloadResult[] {
  const alike = result.workloads.filter(({ outcome }) => outcome === result.outcome);
  const choices = [
    guilty(result.workloads).filter(({ outcome }) => outcome === result.outcome),
    guilty(result.workloads),
    alike,
  ];
  return choices.find((each) => each.length > 0) ?? result.workloads;
}

/** ` on deployment/web in namespace shop`; empty without workloads. */
function placeOf(workloads: readonly WorkloadResult[], show: Show): string {
  const [first] = workloads;
  if (!first) {
    return '';
  }
  const names = workloads.map(({ workload }) => show.name(workload));
  const listed = names.length > MOST_NAMED ? `${names.length} workloads` : names.join(', ');
  return ` on ${listed} in namespace ${show.name(first.namespace)}`;
}
