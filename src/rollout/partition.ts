import type { Deployment } from './objects.ts';

/** How many of a StatefulSet's ordinals, from the lowest on, are not brought to its template; 0 for all, and for other kinds. */
export function partitionOf({ updateStrategy }: Pick<Deployment['spec'], 'updateStrategy'>): number {
  return updateStrategy?.rollingUpdate?.partition ?? 0;
}

/** The lowest ordinal that is brought to the template: those of a StatefulSet need not begin at 0 (stateful_set_utils.go). */
export function firstReplaced(spec: Deployment['spec']): number {
  return (spec.ordinals?.start ?? 0) + partitionOf(spec);
}

/**
 * How many pods stay on the release that they have: those with ordinals below the partition (kubernetes/kubernetes,
 * stateful_set_control.go).
 */
export function keptPods({ spec }: Deployment): number {
  return Math.min(spec.replicas ?? 1, partitionOf(spec));
}
