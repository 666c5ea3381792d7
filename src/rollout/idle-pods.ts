import { maxUnavailable } from './max-unavailable.ts';
import type { Deployment, ReplicaSet } from './objects.ts';

/**
 * How many pods may be missing while a release that serves nobody is left, so that nothing waits for surge: all that do
 * not serve anyway. Undefined where the Deployment's own limit allows as much, where pods of the release do serve, and
 * for the strategy Recreate.
 */
export function idlePods(
  { spec }: Deployment,
  leaving: ReplicaSet | undefined,
  replicaSets: readonly ReplicaSet[],
): number | undefined {
  const desired = spec.replicas ?? 1;
  const rolls = spec.strategy?.rollingUpdate?.maxUnavailable !== undefined;
  if (!rolls || !leaving || (leaving.status?.readyReplicas ?? 0) > 0) return undefined;
  const serving = replicaSets.reduce((sum, { status }) => sum + (status?.availableReplicas ?? 0), 0);
  const limit = Math.max(0, desired - serving);
  return limit > maxUnavailable(spec) ? limit : undefined;
}
