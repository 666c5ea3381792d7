import { maxSurge } from './max-surge.ts';
import type { Deployment, UpdateStrategy } from './objects.ts';

/**
 * How many pods a rollout may leave missing, in pods: a share is rounded down, and it is 1 where maxSurge is 0 as well
 * (kubernetes/kubernetes, deployment_util.go, ResolveFenceposts). With the strategy Recreate all of them.
 */
export function maxUnavailable({ replicas = 1, strategy, updateStrategy }: Deployment['spec']): number {
  if (strategy?.type === 'Recreate') return replicas;
  if (updateStrategy) return ofSet(replicas, updateStrategy);
  const { maxUnavailable: most = '25%' } = strategy?.rollingUpdate ?? {};
  const missing = typeof most === 'number' ? most : Math.floor((Number.parseFloat(most) * replicas) / 100);
  return missing || (maxSurge({ replicas, ...(strategy && { strategy }) }) === 0 ? 1 : 0);
}

/** StatefulSets and DaemonSets round up, and take one pod away at a time unless they say otherwise. */
function ofSet(replicas: number, { rollingUpdate }: UpdateStrategy): number {
  const { maxUnavailable: most = 1 } = rollingUpdate ?? {};
  return typeof most === 'number' ? most : Math.ceil((Number.parseFloat(most) / 100) * replicas);
}

/** Whether some pods of the old release serve until new ones do. */
export function keepsServing({ spec }: Deployment): boolean {
  return maxUnavailable(spec) < (spec.replicas ?? 1);
}
