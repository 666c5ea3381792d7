import type { Deployment } from './objects.ts';

/**
 * How many pods a rollout may have beyond the desired ones: a share is rounded up (kubernetes/kubernetes,
 * deployment_util.go, ResolveFenceposts). With the strategy Recreate none.
 */
export function maxSurge({ replicas = 1, strategy }: Pick<Deployment['spec'], 'replicas' | 'strategy'>): number {
  if (strategy?.type === 'Recreate') return 0;
  const { maxSurge: most = '25%' } = strategy?.rollingUpdate ?? {};
  return typeof most === 'number' ? most : Math.ceil((Number.parseFloat(most) * replicas) / 100);
}

/** Whether a DaemonSet makes a node's new pod beside the old one, and not in its place. */
export function surges({ updateStrategy }: Pick<Deployment['spec'], 'updateStrategy'>): boolean {
  return Number.parseFloat(String(updateStrategy?.rollingUpdate?.maxSurge ?? 0)) > 0;
}
