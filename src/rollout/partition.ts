import type { Deployment } from './objects.ts';

/** The ordinal from which on a StatefulSet's pods are brought to its template; 0 for all, and for other kinds. */
export function partitionOf({ updateStrategy }: Pick<Deployment['spec'], 'updateStrategy'>): number {
  return updateStrategy?.rollingUpdate?.partition ?? 0;
}

/**
 * How many pods stay on the release that they have: those with ordinals below the partition (kubernetes/kubernetes,
 * stateful_set_control.go).
 */
export function keptPods({ spec }: Deployment): number {
  return Math.min(spec.replicas ?? 1, partitionOf(spec));
}
