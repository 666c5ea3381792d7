import { errorMessage, GitHubError } from '../errors.ts';
import type { Clock, Gate, Log } from '../ports.ts';
import { goodReleases } from '../release/ledger.ts';
import type { ModeDecision, Situation } from '../release/mode.ts';
import { showRelease } from '../release/release-text.ts';
import { recordOf } from '../release/resolve.ts';
import { type RollbackTarget, rollbackTarget } from '../release/rollback-target.ts';
import { type Finding, trainTarget } from '../release/train.ts';
import type { WorkloadState } from '../release/workload-state.ts';
import { templateDigest } from '../rollout/template.ts';
import { FOR_A_WAY_BACK } from './admission.ts';
import { answerWithin } from './answer-within.ts';
import { readStanding } from './gate-records.ts';
import type { Survey } from './survey.ts';
import type { TrainRequest } from './train-request.ts';
import { nameOf } from './workload-name.ts';

interface Ports {
  readonly gate?: Gate;
  readonly clock: Clock;
  readonly log: Log;
  readonly interrupt: AbortSignal;
}

/** The release that a train is for: the one that was named, or else the newest good one before, past those that are blocked. */
export async function findTarget(
  ports: Ports,
  surveys: readonly Survey[],
  request: TrainRequest,
): Promise<RollbackTarget> {
  if (request.release !== '') return { kind: 'found', release: request.release };
  const blocked = new Set<string>();
  for (;;) {
    const target = nearestTarget(surveys, blocked);
    if (target.kind === 'refused' || !(await isClosed(ports, target.release, request))) return target;
    ports.log.info(`the gate is closed to ${showRelease(target.release)}, so it is passed over`);
    blocked.add(target.release);
  }
}

/** What is known of a workload for whoever decides about it. */
export function situationOf(state: WorkloadState): Omit<Situation, 'requested' | 'wanted'> {
  return { ...state, live: state.live.release || undefined };
}

/** A finding on one workload, under its name. */
export function finding<T extends ModeDecision | RollbackTarget>({ ref }: Survey, found: T): Finding<T> {
  return { workload: nameOf(ref), found };
}

function nearestTarget(surveys: readonly Survey[], blocked: ReadonlySet<string>): RollbackTarget {
  const findings = surveys.map((surveyed) => {
    const { state } = surveyed;
    const good = new Set(goodReleases(state.ledger));
    // A name for the bits that are live would be a rollback that goes nowhere.
    const here = templateDigest(state.live.template);
    const verified = (release: string) =>
      good.has(release) && recordOf(release, state.revisions, state.ledger)?.template !== here;
    return finding(
      surveyed,
      rollbackTarget(situationOf(state), { verified, blocked: (release) => blocked.has(release) }),
    );
  });
  return trainTarget(findings);
}

/** Whoever cannot be asked bars nothing: the gate is asked again before anything is written, and tells then. */
async function isClosed(ports: Ports, release: string, { scope, trust }: TrainRequest): Promise<boolean> {
  const { gate, log } = ports;
  if (!gate) return false;
  try {
    const standing = await answerWithin(ports, FOR_A_WAY_BACK, (signal) =>
      readStanding(gate, { scope, release }, trust, [], signal),
    );
    return standing.kind !== 'clear';
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    log.debug(`whether ${release} is blocked could not be read: ${errorMessage(error)}`);
    return false;
  }
}
