import { plainLine } from '../foreign/plain-text.ts';
import { showRelease } from '../release/release-text.ts';
import type { Result, WorkloadResult } from '../result.ts';
import { missingBlocksText } from './gate-result.ts';
import { heldText, isHeld, leftHeld } from './held-text.ts';
import type { Leg } from './leg.ts';
import { rolledResult } from './rolled-result.ts';
import { isUnread, stoppedWhileHeld, wentUnseen } from './stopped-while-held.ts';

type Watched = Extract<Leg, { readonly kind: 'watched' }>;

/** The result of a workload whose canary stands at its size, and waits. */
export function heldResult(leg: Watched, release: string, warnings: readonly string[]): WorkloadResult {
  const { step, end, seconds } = leg;
  const rolled = rolledResult(step, release, end, seconds, warnings);
  const { canary } = rolled;
  if (!canary) return rolled;
  const { beside, from } = canary;
  // A StatefulSet's canary takes the place of old pods; a Deployment's never does, unless somebody scaled it meanwhile.
  const alone = beside === 0 && step.survey.ref.kind === 'deployment';
  const lonely = `no pod of ${showRelease(from)} is ready beside the canary any more, so it has all of the traffic`;
  return {
    ...rolled,
    ...{ outcome: 'paused', reasonCode: 'canary-held', message: heldText({ ...rolled, canary }) },
    warnings: [...rolled.warnings, ...(alone ? [lonely] : [])],
    podStates: [],
  };
}

/** How canaries that are held stand, and what lets them go on: a person, or this run after so many milliseconds. */
export function heldLines({ workloads }: Result, holdMs: number | undefined): readonly string[] {
  return workloads.flatMap(({ canary, ...each }) =>
    canary && isHeld(each) ? [heldText({ ...each, canary }, { holdMs })] : [],
  );
}

/** The result of a run that was told to end while it held canaries: they stay, and nobody lets them go on. */
export function cancelledWhileHeld(before: Result): Result {
  const workloads = before.workloads.map((each) => leftHeld(each, 'this run was cancelled while it held the canary'));
  return { ...before, message: workloads.filter(isHeld).map(messageOf).join('; '), workloads };
}

function messageOf({ message }: WorkloadResult): string {
  return message;
}

/** The result of a run that took a held canary back, and why somebody wanted it to. */
export function abortedResult(result: Result): Result {
  if (result.outcome !== 'succeeded') return result;
  const workloads = result.workloads.map((each): WorkloadResult => {
    if (each.outcome !== 'succeeded') return each;
    const { workload, previousRelease, release, pods } = each;
    const message = `${workload}: the canary of ${showRelease(previousRelease)} is aborted, ${showRelease(release)} has ${pods.available} of ${pods.desired} pods`;
    return { ...each, outcome: 'aborted', reasonCode: 'canary-aborted', message };
  });
  const aborted = workloads.flatMap((each) => (each.outcome === 'aborted' ? [each.message] : [])).join('; ');
  const why = result.reason === '' ? [] : [`why: ${plainLine(result.reason)}`];
  const message = [aborted, ...why, ...missingBlocksText(result.gate.blocks, result)].join('; ');
  return { ...result, outcome: 'aborted', reasonCode: 'canary-aborted', message, workloads };
}

/**
 * The result of a run that went on from a size by itself: what was before is what was before the first one. `cancelled` is
 * whether it was told to end meanwhile.
 */
export function continuedResult(before: Result, now: Result, heldSeconds: number, cancelled = false): Result {
  if (now.reasonCode === 'mode-refused' || now.reasonCode === 'no-canary') return outrunWhileHeld(before, now.message);
  // Told to end before anything moved.
  const isUnmoved = now.outcome === 'cancelled' || (cancelled && isUnread(now));
  if (isUnmoved && !now.changed) return cancelledWhileHeld(before);
  if (now.workloads.length === 0 || wentUnseen(now)) return stoppedWhileHeld(before, now);
  const workloads = now.workloads.map((each): WorkloadResult => {
    const first = before.workloads.find((other) => other.workload === each.workload);
    return first ? continuedWorkload(first, each, heldSeconds) : each;
  });
  const { mode, modeReason, versionChange, direction, goesOn, firstDeployment } = before;
  const { previousRelease, lastAttemptedRelease, lastGoodRelease } = before;
  return {
    ...now,
    ...{ mode, modeReason, versionChange, direction, goesOn, firstDeployment },
    ...{ previousRelease, lastAttemptedRelease, lastGoodRelease },
    changed: before.changed || now.changed,
    workloads,
  };
}

/** Somebody promoted it, took it back or rolled over it while this run waited. */
function outrunWhileHeld(before: Result, message: string): Result {
  const superseded = { outcome: 'superseded', reasonCode: 'superseded', message } as const;
  const workloads = before.workloads.map(({ canary: _gone, ...each }): WorkloadResult => ({ ...each, ...superseded }));
  return { ...before, ...superseded, workloads };
}

function continuedWorkload(before: WorkloadResult, now: WorkloadResult, heldSeconds: number): WorkloadResult {
  const offset = before.seconds + heldSeconds;
  const { mode, previousRelease, previousLabel, previousRevision, imageChanges, source } = before;
  return {
    ...now,
    ...{ mode, previousRelease, previousLabel, previousRevision, imageChanges, source },
    lastAttemptedRelease: before.lastAttemptedRelease,
    lastGoodRelease: before.lastGoodRelease,
    changed: before.changed || now.changed,
    warnings: [...new Set([...before.warnings, ...now.warnings])],
    seconds: offset + now.seconds,
    timeline: [
      ...before.timeline,
      { at: before.seconds, text: 'held' },
      ...now.timeline.map(({ at, text }) => ({ at: offset + at, text })),
    ],
  };
}
