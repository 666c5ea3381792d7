import { errorMessage, GitHubError } from '../errors.ts';
import { type Closed, closedBy, whyWithRun } from '../gate/rule.ts';
import type { Clock, Gate, Log } from '../ports.ts';
import { isHeldBack } from '../release/canary.ts';
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
import { heldTarget } from './held-target.ts';
import type { Survey } from './survey.ts';
import type { TrainRequest } from './train-request.ts';
import { nameOf } from './workload-name.ts';

interface Ports {
  readonly gate?: Gate;
  readonly clock: Clock;
  readonly log: Log;
  readonly interrupt: AbortSignal;
}

/** Which release a train is for, and which nearer ones it is not for: a sentence each. Foreign text. */
export interface TrainTarget {
  readonly target: RollbackTarget;
  readonly passedOver: readonly string[];
}

/** The release that a train is for: the one that was named, or else the newest good one before, past those that are blocked. */
export async function findTarget(
  ports: Ports,
  surveys: readonly Survey[],
  request: TrainRequest,
): Promise<TrainTarget> {
  if (request.held) return { target: heldTarget(surveys, request), passedOver: [] };
  const beside = request.release === '' ? besideAll(surveys, request) : undefined;
  if (beside) return { target: beside, passedOver: [] };
  if (request.release !== '') return { target: { kind: 'found', release: request.release }, passedOver: [] };
  const passedOver = new Map<string, string>();
  for (;;) {
    const target = nearestTarget(surveys, passedOver);
    const closed = target.kind === 'found' ? await closedTo(ports, target.release, request) : undefined;
    if (target.kind === 'refused' || !closed) return { target, passedOver: [...passedOver.values()] };
    const sentence = `${showRelease(target.release)} was passed over: ${whyWithRun(closed)}`;
    ports.log.info(sentence);
    passedOver.set(target.release, sentence);
  }
}

/** Whoever leaves canaries that are held back goes to what these stand beside, as an abort does. */
function besideAll(surveys: readonly Survey[], request: TrainRequest): RollbackTarget | undefined {
  if (!surveys.some(({ state }) => state.canary && isHeldBack(state.canary))) return undefined;
  const target = heldTarget(surveys, { ...request, held: 'abort' });
  return target.kind === 'found' ? target : undefined;
}

/** What is known of a workload for whoever decides about it. */
export function situationOf(state: WorkloadState): Omit<Situation, 'requested' | 'wanted'> {
  return { ...state, live: state.live.release || undefined };
}

/** A finding on one workload, under its name. */
export function finding<T extends ModeDecision | RollbackTarget>({ ref }: Survey, found: T): Finding<T> {
  return { workload: nameOf(ref), found };
}

function nearestTarget(surveys: readonly Survey[], blocked: ReadonlyMap<string, string>): RollbackTarget {
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
async function closedTo(ports: Ports, release: string, { scope, trust }: TrainRequest): Promise<Closed | undefined> {
  const { gate, log } = ports;
  if (!gate) return undefined;
  try {
    const standing = await answerWithin(ports, FOR_A_WAY_BACK, (signal) =>
      readStanding(gate, { scope, release }, trust, [], signal),
    );
    return standing.kind === 'clear' ? undefined : closedBy(release, standing);
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    log.debug(`whether ${release} is blocked could not be read: ${errorMessage(error)}`);
    return undefined;
  }
}
