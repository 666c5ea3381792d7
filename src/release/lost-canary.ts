import { gateSize } from '../rollout/canary-gate.ts';
import { showRelease } from './release-text.ts';
import type { WorkloadState } from './workload-state.ts';

/**
 * What to say of a Deployment that is held back as a canary is, where no note knows of it or another template was put in
 * its place: a clause that says what to do. Undefined without such a gate; a StatefulSet's partition may be its own.
 */
export function lostCanary({ deployment, canary, ledger, live }: WorkloadState): string | undefined {
  if (canary || deployment.spec.updateStrategy !== undefined || gateSize(deployment) === undefined) return undefined;
  const now = showRelease(live.label);
  const why = ledger.canary
    ? `${now} was put in the place of the canary of ${showRelease(ledger.canary.release)}, and is held back as that was`
    : `${now} is held back as a canary is, and no note of it is left`;
  return `${why}; roll back by name (mode: rollback)`;
}
