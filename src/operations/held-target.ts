import { findEntry } from '../release/ledger.ts';
import { lostCanary } from '../release/lost-canary.ts';
import { refuse } from '../release/refusal.ts';
import { showRelease } from '../release/release-text.ts';
import type { RollbackTarget } from '../release/rollback-target.ts';
import { type Finding, trainTarget } from '../release/train.ts';
import type { Survey } from './survey.ts';
import type { TrainRequest } from './train-request.ts';
import { nameOf } from './workload-name.ts';

/**
 * The release that lets a held canary go on, or that takes its place: what the canary is of, or what it stands beside. A
 * workload without one has to have that release already, since an earlier run may have been cut off between the two; or
 * it was let go where others were not, and goes back with them.
 */
export function heldTarget(surveys: readonly Survey[], { held, release }: TrainRequest): RollbackTarget {
  const canaries = surveys.flatMap(({ state }) => state.canary ?? []);
  const targets = canaries.map((canary) => (held === 'promote' ? canary.release : canary.from));
  return trainTarget(
    surveys.map((surveyed): Finding<RollbackTarget> => {
      const { ref, state } = surveyed;
      const { canary, live } = state;
      const workload = nameOf(ref);
      if (canary && release !== '' && release !== canary.release) {
        const other = `a canary of ${showRelease(canary.release)} is held, not of ${showRelease(release)}`;
        return { workload, found: refuse('no-canary', other) };
      }
      if (canary) return found(workload, held === 'promote' ? canary.release : canary.from);
      if (targets.includes(live.release)) return found(workload, live.release);
      const mate = held === 'abort' ? mateOf(surveyed, surveys) : undefined;
      if (mate && wasLetGo(surveyed, mate)) return found(workload, mate.state.canary?.from ?? '');
      const none = lostCanary(state) ?? `no canary is held, ${showRelease(live.label)} is live`;
      return { workload, found: refuse('no-canary', none) };
    }),
    `${held} them one by one`,
  );
}

/** The workloads that a run is about: who takes canaries back leaves alone what had their release before they began. */
export function concerned(surveys: readonly Survey[], { held }: TrainRequest): readonly Survey[] {
  if (held !== 'abort') return surveys;
  return surveys.filter((surveyed) => {
    const mate = mateOf(surveyed, surveys);
    return mate === undefined || wasLetGo(surveyed, mate);
  });
}

function found(workload: string, release: string): Finding<RollbackTarget> {
  return { workload, found: { kind: 'found', release } };
}

/** Another workload of the train, on which a canary of what this one runs is held; undefined where it holds one itself. */
function mateOf({ state }: Survey, surveys: readonly Survey[]): Survey | undefined {
  if (state.canary) return undefined;
  return surveys.find((other) => other.state.canary?.release === state.live.release);
}

/** Whether it was written there only after the canary had begun on the other one: else it had the release before. */
function wasLetGo({ state }: Survey, mate: Survey): boolean {
  const { release } = state.live;
  const began = findEntry(mate.state.ledger, release)?.firstAttemptedAt;
  const written = findEntry(state.ledger, release)?.attemptedAt;
  return began !== undefined && written !== undefined && written > began;
}
