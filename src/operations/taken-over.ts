import { sizeText } from '../release/canary.ts';
import { showRelease } from '../release/release-text.ts';
import type { Result } from '../result.ts';
import type { Refused, Train } from './prepare.ts';
import type { Survey } from './survey.ts';
import { nameOf } from './workload-name.ts';

/** A canary's hold by this run. */
export interface Hold {
  /** How it came to be held. */
  readonly before: Result;
  /** Milliseconds since the epoch by which it was held. */
  readonly since: number;
}

/**
 * Why a run that holds canaries leaves them alone: somebody else brought one to another size, or began it anew. Undefined
 * where all are as they were left.
 */
export function takenOver({ surveys, release }: Train, hold: Hold): Refused | undefined {
  const problems = surveys.flatMap((survey) => {
    const [held, now] = [heldSize(survey, hold.before), sizeNow(survey)];
    if (held === undefined || (held === now && !isAnew(survey, hold.since))) return [];
    const which = `the canary of ${showRelease(release)}`;
    const did = held === now ? `began ${which} anew` : `brought ${which} to ${now || 'all pods'}`;
    return [
      `${nameOf(survey.ref)}: somebody else ${did} while this run held it at ${held}; how it goes on is up to them`,
    ];
  });
  return problems.length > 0 ? { kind: 'refused', reasonCode: 'no-canary', problems, surveys } : undefined;
}

/** By the note of it, which is written before a hold begins. */
function isAnew({ state }: Survey, since: number): boolean {
  const { heldSince } = state.canary ?? {};
  return heldSince !== undefined && Date.parse(heldSince) > since;
}

function heldSize({ state }: Survey, { workloads }: Result): string | undefined {
  return workloads.find(({ workload }) => workload === state.workload)?.canary?.size;
}

/** Empty for all pods. */
function sizeNow({ state: { canary } }: Survey): string {
  const size = canary?.sizes[canary.step];
  return size ? sizeText(size) : '';
}
