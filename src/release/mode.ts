import { type HeldCanary, isHeldBack } from './canary.ts';
import { type Direction, directionTo } from './direction.ts';
import { type Refusal, refuse } from './refusal.ts';
import { listReleases, showRelease } from './release-text.ts';
import { type VersionChange, versionChange } from './version-change.ts';

export type { Direction, VersionChange };

export type Mode = 'deploy' | 'redeploy' | 'rollback';

/** What one workload looks like when a release is wanted on it. */
export interface Situation {
  readonly requested: 'auto' | Mode;
  readonly wanted: string;
  /** Undefined or empty where what is live has no name, or several. */
  readonly live?: string | undefined;
  readonly liveState: 'complete' | 'incomplete' | 'failed' | 'none';
  /** How the live release was attempted last, where that is recorded. */
  readonly attemptedAs?: Mode | undefined;
  /** The release that was verified most recently, which need not be the highest. */
  readonly lastGood?: string | undefined;
  readonly lastAttempted?: string | undefined;
  readonly canary?: HeldCanary | undefined;
  /** Releases whose bits are here, newest first by when each FIRST came, so that a rollback reorders nothing. */
  readonly known: readonly string[];
  /** What became of those that are good no more, for whoever has to choose: `failed`, or `rolled back`. */
  readonly spoilt?: ReadonlyMap<string, string>;
}

export interface DecidedMode {
  readonly kind: 'decided';
  readonly mode: Mode;
  readonly direction: Direction;
  readonly versionChange: VersionChange;
  readonly firstDeployment: boolean;
  /** The wanted release is the live one, in whatever state. */
  readonly alreadyLive: boolean;
  /** One sentence for log and summary. */
  readonly reason: string;
}

export type ModeDecision = DecidedMode | Refusal;

type Choice = Pick<DecidedMode, 'mode' | 'reason'>;

/**
 * Decides how a release gets onto a workload. As Octopus' Calculate Deployment Mode, except that a rollback is only
 * ever to a release that was here, that pre-releases, metadata and names without order count, and that nothing throws.
 */
export function calculateMode(situation: Situation): ModeDecision {
  const calculated = chooseMode(situation);
  const choice = situation.requested === 'auto' ? calculated : demandMode(situation.requested, situation, calculated);
  return 'kind' in choice ? choice : { kind: 'decided', ...choice, ...describeMove(situation) };
}

function describeMove({ wanted, live, liveState, known }: Situation): Omit<DecidedMode, 'kind' | 'mode' | 'reason'> {
  return liveState === 'none'
    ? { direction: 'none', versionChange: 'unknown', firstDeployment: known.length === 0, alreadyLive: false }
    : {
        direction: directionTo(wanted, live, known),
        versionChange: versionChange(live, wanted),
        firstDeployment: false,
        alreadyLive: wanted === live,
      };
}

function chooseMode(situation: Situation): Choice {
  const { wanted, live, liveState, lastGood, known } = situation;
  if (liveState === 'none') {
    return { mode: 'deploy', reason: `${showRelease(wanted)} is deployed where nothing is live` };
  }
  if (wanted === live) {
    return resume(situation);
  }
  if (!known.includes(wanted)) {
    return enter(situation);
  }
  return takeBack(situation, wanted === lastGood ? recover(situation) : revisit(situation));
}

/** A canary that is left for what it stands beside never was all that is live, and need not be at fault. */
function takeBack({ wanted, canary }: Situation, choice: Choice): Choice {
  if (choice.mode !== 'rollback' || !canary || !isHeldBack(canary) || canary.from !== wanted) return choice;
  const held = `${showRelease(canary.release)} is held as a canary beside ${showRelease(wanted)}`;
  return { mode: 'rollback', reason: `${held}, and is taken back` };
}

/** A rollback that was cut off stays one: what runs on a deploy alone must not run now. */
function resume({ wanted, liveState, attemptedAs }: Situation): Choice {
  const name = showRelease(wanted);
  if (liveState === 'complete') {
    return { mode: 'redeploy', reason: `${name} is live and complete` };
  }
  const mode = attemptedAs === 'rollback' ? 'rollback' : 'deploy';
  return liveState === 'failed'
    ? { mode, reason: `${name} is live but failed, so it is tried again` }
    : {
        mode,
        reason: `${name} is live but not complete, so its ${mode === 'rollback' ? 'rollback' : 'rollout'} goes on`,
      };
}

function enter({ wanted, live, known }: Situation): Choice {
  const lies = {
    up: `newer than ${liveText(live)}`,
    down: `older than ${liveText(live)}, but only a known release is rolled back to`,
    none: `level with ${liveText(live)}`,
    unknown: `not comparable with ${liveText(live)}`,
  };
  const reason = `${showRelease(wanted)} is not known here and is ${lies[directionTo(wanted, live, known)]}`;
  return { mode: 'deploy', reason };
}

function recover({ wanted, live, liveState }: Situation): Choice {
  const trouble = { complete: '', incomplete: ', which did not complete', failed: ', which failed', none: '' }[
    liveState
  ];
  const reason = `${showRelease(wanted)} is the last good release and takes over from ${liveText(live)}${trouble}`;
  return { mode: 'rollback', reason };
}

function revisit({ wanted, live, known, lastAttempted }: Situation): Choice {
  const before = wanted === lastAttempted ? 'was attempted here last' : 'was here before';
  return directionTo(wanted, live, known) === 'down'
    ? { mode: 'rollback', reason: `${showRelease(wanted)} ${before} and is older than ${liveText(live)}` }
    : { mode: 'deploy', reason: `${showRelease(wanted)} ${before} and is newer than ${liveText(live)}` };
}

function demandMode(mode: Mode, situation: Situation, calculated: Choice): Choice | Refusal {
  const { wanted, live, liveState, known } = situation;
  const isLive = liveState !== 'none' && wanted === live;
  if (mode === 'redeploy' && !isLive) {
    return refuse('mode-refused', redeployRefusal(situation));
  }
  if (mode === 'rollback' && !(isLive || known.includes(wanted))) {
    return refuse('release-unknown', rollbackRefusal(situation));
  }
  if (mode === 'rollback' && isLive && liveState === 'complete') {
    // Not a refusal: whoever repeats a rollback that is done must see that it is done.
    return { mode, reason: `${showRelease(wanted)} is live and complete, so there is nothing to roll back` };
  }
  const reason = `${mode} was demanded; calculated: ${calculated.mode}, because ${calculated.reason}`;
  return mode === calculated.mode ? calculated : { mode, reason };
}

function redeployRefusal({ wanted, live, liveState }: Situation): string {
  const found = liveState === 'none' ? 'nothing is' : `${liveText(live)} is`;
  return `release ${showRelease(wanted)} is not live, ${found}: redeploy restarts only the live release; use mode auto`;
}

function rollbackRefusal({ wanted, known, spoilt }: Situation): string {
  const advice = 'deploy it with mode auto and its images, or raise revisionHistoryLimit';
  return `release ${showRelease(wanted)} is not known here (known: ${listReleases(known, spoilt)}); ${advice}`;
}

function liveText(live: string | undefined): string {
  return live ? `the live ${showRelease(live)}` : 'the live, unnamed release';
}
