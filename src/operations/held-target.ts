import { refuse } from '../release/refusal.ts';
import { showRelease } from '../release/release-text.ts';
import type { RollbackTarget } from '../release/rollback-target.ts';
import type { Finding } from '../release/train.ts';
import { trainTarget } from '../release/train.ts';
import type { Survey } from './survey.ts';
import type { TrainRequest } from './train-request.ts';
import { nameOf } from './workload-name.ts';

/**
 * The release that lets a held canary go on, or that takes its place: what the canary is of, or what it stands beside. A
 * workload without one has to have that release already, since an earlier run may have been cut off between the two.
 */
export function heldTarget(surveys: readonly Survey[], { held, release }: TrainRequest): RollbackTarget {
  const canaries = surveys.flatMap(({ state }) => state.canary ?? []);
  const targets = canaries.map((canary) => (held === 'promote' ? canary.release : canary.from));
  const target = trainTarget(
    surveys.map(({ ref, state }): Finding<RollbackTarget> => {
      const { canary, live } = state;
      const found = canary ? (held === 'promote' ? canary.release : canary.from) : live.release;
      const fits = canary ? release === '' || release === canary.release : targets.includes(live.release);
      const refused = canary
        ? `a canary of ${showRelease(canary.release)} is held, not of ${showRelease(release)}; nothing was changed`
        : `no canary is held, ${showRelease(live.label)} is live; nothing was changed`;
      return {
        workload: nameOf(ref),
        found: fits ? { kind: 'found', release: found } : refuse('mode-refused', refused),
      };
    }),
  );
  return target;
}
