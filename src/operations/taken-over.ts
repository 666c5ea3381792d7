import { sizeText } from '../release/canary.ts';
import { showRelease } from '../release/release-text.ts';
import type { Result } from '../result.ts';
import type { Refused, Train } from './prepare.ts';
import type { Survey } from './survey.ts';
import { nameOf } from './workload-name.ts';

/**
 * Why a run that holds canaries leaves them alone: somebody else brought one to another size. `before` is how they came to
 * be held. Undefined where all are as they were left.
 */
export function takenOver({ surveys, release }: Train, before: Result): Refused | undefined {
  const problems = surveys.flatMap((survey) => {
    const [held, now] = [heldSize(survey, before), sizeNow(survey)];
    if (held === undefined || held === now) return [];
    const moved = `somebody else brought the canary of ${showRelease(release)} to ${now || 'all pods'}`;
    return [`${nameOf(survey.ref)}: ${moved} while this run held it at ${held}; how it goes on is up to them`];
  });
  return problems.length > 0 ? { kind: 'refused', reasonCode: 'no-canary', problems, surveys } : undefined;
}

function heldSize({ state }: Survey, { workloads }: Result): string | undefined {
  return workloads.find(({ workload }) => workload === state.workload)?.canary?.size;
}

/** Empty for all pods. */
function sizeNow({ state: { canary } }: Survey): string {
  const size = canary?.sizes[canary.step];
  return size ? sizeText(size) : '';
}
