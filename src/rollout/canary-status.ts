import type { Deployment, ReplicaSet } from './objects.ts';
import { changedTemplate, isCounted, isObserved, type RolloutStatus, type RolloutTarget } from './status.ts';

/**
 * How far a canary of so many pods is. It is never done by being available, which its gate prevents: its ReplicaSet has
 * to have the pods, and every one to be ready. More of them than were asked for are somebody's scaling, and count; a
 * pause moves none.
 */
export function canaryStatus(
  deployment: Deployment,
  carrier: ReplicaSet | undefined,
  target: RolloutTarget & { readonly canaryPods: number },
): RolloutStatus {
  const superseded = changedTemplate(deployment, target);
  if (superseded) return superseded;
  if (!isObserved(deployment, target))
    return { state: 'progressing', message: 'waiting for the controller to see the change' };
  const { wanted, ready, stands } = canaryPods(carrier, target.canaryPods);
  const old = Math.max(0, (deployment.status?.replicas ?? 0) - (deployment.status?.updatedReplicas ?? 0));
  const message = `${ready} of ${wanted} canary ${wanted === 1 ? 'pod' : 'pods'} ready, ${old} old beside`;
  return stands ? { state: 'done', verified: true, message } : { state: 'progressing', message };
}

/** Whether a canary has as many ready pods as are wanted, and none that is not. */
export function canaryStands(carrier: ReplicaSet | undefined, pods: number): boolean {
  return canaryPods(carrier, pods).stands;
}

function canaryPods(carrier: ReplicaSet | undefined, pods: number) {
  const made = carrier?.spec.replicas ?? 0;
  const wanted = Math.max(pods, made);
  const ready = isCounted(carrier) ? Math.min(wanted, carrier?.status?.readyReplicas ?? 0) : 0;
  return { wanted, ready, stands: made >= pods && ready >= wanted };
}
