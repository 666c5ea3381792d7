import type { RolloutFields } from './loan.ts';
import type { Deployment } from './objects.ts';

/** The largest value that leaves room for a deadline behind it (kubernetes/kubernetes, apps/validation). */
const NEVER_AVAILABLE_SECONDS = 2_147_483_646;
/** No deadline (kubernetes/kubernetes, deployment_util.go, HasProgressDeadline). */
const NO_DEADLINE_SECONDS = 2_147_483_647;

/**
 * The fields that hold a canary at exactly so many pods: as many as may surge, which never become available, so that no
 * old pod is released for them. They serve all the same, since a Service asks for Ready.
 */
export function gateFields(pods: number): Required<Omit<RolloutFields, 'paused'>> {
  return {
    maxSurge: pods,
    maxUnavailable: 0,
    minReadySeconds: NEVER_AVAILABLE_SECONDS,
    progressDeadlineSeconds: NO_DEADLINE_SECONDS,
  };
}

/** Whether new pods are kept from becoming available. */
export function isGated({ spec }: Deployment): boolean {
  return spec.minReadySeconds === NEVER_AVAILABLE_SECONDS;
}
