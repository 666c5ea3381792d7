import { gateSize } from '../rollout/canary-gate.ts';
import type { PodTemplate } from '../rollout/objects.ts';
import { templateDigest } from '../rollout/template.ts';
import { showRelease } from './release-text.ts';
import type { WorkloadState } from './workload-state.ts';

/**
 * What to say of a Deployment that is held back as a canary is, where no note knows of it or another template was put in
 * its place: a clause that says what to do. Undefined without such a gate; a StatefulSet's partition may be its own.
 */
export function lostCanary(state: WorkloadState): string | undefined {
  if (!isLost(state)) return undefined;
  const { ledger, live } = state;
  const now = showRelease(live.label);
  const why = ledger.canary
    ? `${now} was put in the place of the canary of ${showRelease(ledger.canary.release)}, and is held back as that was: the pods from before still serve`
    : `${now} is held back as a canary is, and no note of it is left`;
  return `${why}; roll back by name (mode: rollback)`;
}

/** What to say of a canary that another template was put in the place of, once `template` is; undefined for none. */
export function canaryGone(state: WorkloadState, template: PodTemplate): string | undefined {
  const { canary } = state.ledger;
  if (!isLost(state) || !canary || canary.digest === templateDigest(template)) return undefined;
  const [gone, now] = [showRelease(canary.release), showRelease(state.live.label)];
  return `the canary of ${gone}, in whose place ${now} was put, goes as well; this run does not block it (block/ does)`;
}

function isLost({ deployment, canary }: WorkloadState): boolean {
  return !canary && deployment.spec.updateStrategy === undefined && gateSize(deployment) !== undefined;
}
