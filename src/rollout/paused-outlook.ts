import type { Deployment, ReplicaSet } from './objects.ts';

/**
 * What the controller does to a Deployment although it is paused (kubernetes/kubernetes, deployment/sync.go, scale):
 * `stands`: nothing. `grows`: the one ReplicaSet that has pods gets all of them. `ends`: once all pods of the new one are
 * available, the old ones go.
 */
export type PausedOutlook = 'stands' | 'grows' | 'ends';

/** `carrier` is the ReplicaSet of the template, `replicaSets` are all that the Deployment owns. */
export function pausedOutlook(
  { spec }: Deployment,
  carrier: ReplicaSet | undefined,
  replicaSets: readonly ReplicaSet[],
): PausedOutlook {
  const desired = spec.replicas ?? 1;
  const [only, ...others] = replicaSets.filter((set) => sizeOf(set) > 0);
  if (only && others.length === 0) return sizeOf(only) < desired ? 'grows' : 'stands';
  return carrier && desired > 0 && sizeOf(carrier) === desired ? 'ends' : 'stands';
}

function sizeOf({ spec }: ReplicaSet): number {
  return spec.replicas ?? 0;
}
