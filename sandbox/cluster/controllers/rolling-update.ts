import type { Deployment, ReplicaSet } from '../model/workload-objects.ts';
import type { ControlPlane } from './control-plane.ts';
import { active, maxUnavailable, newReplicaCount, specReplicas, statusSum } from './replica-counts.ts';
import { scaleReplicaSet } from './replica-set-writes.ts';
import { oldestFirst } from './revisions.ts';

/** Gives the new ReplicaSet the replicas it may have now; true when that changed its size. */
export const reconcileNewReplicaSet = (
  plane: ControlPlane,
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet,
): boolean => {
  const { replicas } = deployment.spec;
  const current = newSet.spec.replicas;
  if (current === replicas) return false;
  const size = current > replicas ? replicas : newReplicaCount(deployment, all, current);
  return scaleReplicaSet(plane, deployment, newSet, size).spec.replicas !== current;
};

/** Takes replicas from old ReplicaSets, the unhealthy ones first, never below what must stay available; true when any were taken. */
export const reconcileOldReplicaSets = (
  plane: ControlPlane,
  deployment: Deployment,
  old: readonly ReplicaSet[],
  newSet: ReplicaSet,
): boolean => {
  const running = oldestFirst(active(old));
  const minAvailable = deployment.spec.replicas - maxUnavailable(deployment);
  const newUnavailable = newSet.spec.replicas - (newSet.status.availableReplicas ?? 0);
  const limit = specReplicas([...running, newSet]) - minAvailable - newUnavailable;
  if (running.length === 0 || limit <= 0) return false;
  const cleaned = dropUnhealthy(plane, deployment, running, limit);
  const available = statusSum([...cleaned.sets, newSet], 'availableReplicas');
  return dropAvailable(plane, deployment, cleaned.sets, available - minAvailable) + cleaned.dropped > 0;
};

/** `cleanupUnhealthyReplicas`: replicas that are not available serve nobody and go first. */
const dropUnhealthy = (plane: ControlPlane, deployment: Deployment, sets: readonly ReplicaSet[], limit: number) => {
  let dropped = 0;
  const left = sets.map((set) => {
    const unhealthy = set.spec.replicas - (set.status.availableReplicas ?? 0);
    const count = Math.min(limit - dropped, unhealthy);
    if (count <= 0) return set;
    dropped += count;
    return scaleReplicaSet(plane, deployment, set, set.spec.replicas - count);
  });
  return { sets: left, dropped };
};

const dropAvailable = (
  plane: ControlPlane,
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  limit: number,
): number => {
  let dropped = 0;
  for (const set of sets) {
    const count = Math.min(set.spec.replicas, limit - dropped);
    if (count <= 0) continue;
    scaleReplicaSet(plane, deployment, set, set.spec.replicas - count);
    dropped += count;
  }
  return dropped;
};
