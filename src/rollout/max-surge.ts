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

/** On how many nodes a DaemonSet may have a new pod beside the old one: a share is rounded up. */
export function daemonSurge({
  replicas = 1,
  updateStrategy,
}: Pick<Deployment['spec'], 'replicas' | 'updateStrategy'>): number {
  const { maxSurge: most = 0 } = updateStrategy?.rollingUpdate ?? {};
  return typeof most === 'number' ? most : Math.ceil((Number.parseFloat(most) * replicas) / 100);
}

/** Whether a DaemonSet makes a node's new pod beside the old one, and not in its place. */
export function surges(spec: Pick<Deployment['spec'], 'replicas' | 'updateStrategy'>): boolean {
  return daemonSurge(spec) > 0;
}
