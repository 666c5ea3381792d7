import { whyWithRun } from '../gate/rule.ts';
import { isHeldBack } from '../release/canary.ts';
import { goodReleases, spoiltReleases } from '../release/ledger.ts';
import type { ModeDecision, Situation } from '../release/mode.ts';
import { showRelease } from '../release/release-text.ts';
import { recordOf } from '../release/resolve.ts';
import { type RollbackTarget, rollbackTarget } from '../release/rollback-target.ts';
import { type Finding, trainTarget } from '../release/train.ts';
import type { WorkloadState } from '../release/workload-state.ts';
import { templateDigest } from '../rollout/template.ts';
import { createGlance, type Glance, type GlancePorts } from './glance.ts';
import { heldTarget } from './held-target.ts';
import type { Survey } from './survey.ts';
import type { TrainRequest } from './train-request.ts';
import { nameOf } from './workload-name.ts';

interface Ports extends GlancePorts {
  /** That of a run that decides more than once. */
  readonly glance?: Glance;
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
  const glance = ports.glance ?? createGlance(ports, request);
  const passedOver = new Map<string, string>();
  for (;;) {
    const target = nearestTarget(surveys, passedOver);
    const closed = target.kind === 'found' ? await glance(target.release) : undefined;
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
  return { ...state, live: state.live.release || undefined, spoilt: spoiltReleases(state.ledger) };
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
