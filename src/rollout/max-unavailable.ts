import type { Deployment } from './objects.ts';

/**
 * How many pods a rollout may leave missing, in pods: a share is rounded down, and it is 1 where maxSurge is 0 as well
 * (kubernetes/kubernetes, deployment_util.go, ResolveFenceposts). With the strategy Recreate all of them.
 */
export function maxUnavailable({ replicas = 1, strategy }: Deployment['spec']): number {
  if (strategy?.type === 'Recreate') return replicas;
  const { maxUnavailable: most = '25%', maxSurge = '25%' } = strategy?.rollingUpdate ?? {};
  const share = (value: number | string) =>
    typeof value === 'number' ? value : (Number.parseFloat(value) / 100) * replicas;
  return Math.floor(share(most)) || (Math.ceil(share(maxSurge)) === 0 ? 1 : 0);
}

/** Whether some pods of the old release serve until new ones do. */
export function keepsServing({ spec }: Deployment): boolean {
  return maxUnavailable(spec) < (spec.replicas ?? 1);
}
