import { resources } from '../model/resource.ts';
import type { Deployment, Pod, ReplicaSet } from '../model/workload-objects.ts';
import type { ControlPlane } from './control-plane.ts';
import type { Controller } from './controller-loop.ts';
import { calculateStatus, isComplete, saveStatus } from './deployment-status.ts';
import { deleteBeyondHistoryLimit } from './history-limit.ts';
import { ensureNewReplicaSet, syncNewReplicaSet } from './new-replica-set.ts';
import { adoptOrphans, keyOf, ownedBy, ownerKeys, splitKey } from './ownership.ts';
import { isScalingEvent, scaleProportionally } from './proportional-scaling.ts';
import { active } from './replica-counts.ts';
import { scaleReplicaSet } from './replica-set-writes.ts';
import { reconcileNewReplicaSet, reconcileOldReplicaSets } from './rolling-update.ts';
import { msUntilTimeout, notePause, saveRolloutStatus } from './rollout-conditions.ts';

/**
 * The Deployment controller of Kubernetes 1.35 (pkg/controller/deployment). A sync works on the copies it began with;
 * where the real one runs into a conflict and is called again, so does this one, and what lies between can be observed.
 */
export const createDeploymentController = (plane: ControlPlane): Controller => ({
  keysOf: ({ resource, object, type }) => {
    if (resource === resources.deployments) return [keyOf(object)];
    if (resource === resources.replicaSets) return ownerKeys(object, 'Deployment');
    if (resource !== resources.pods || type !== 'DELETED') return [];
    const sets = ownerKeys(object, 'ReplicaSet').map((key) =>
      plane.registry.find(splitKey(resources.replicaSets, key)),
    );
    return sets.flatMap((set) => (set === undefined ? [] : ownerKeys(set, 'Deployment')));
  },
  sync: (key, again) => {
    const deployment = plane.registry.find(splitKey(resources.deployments, key)) as Deployment | undefined;
    if (deployment === undefined) return;
    adoptOrphans(plane, resources.replicaSets, deployment);
    const settled = sync(plane, deployment, ownedBy<ReplicaSet>(plane, resources.replicaSets, deployment));
    const wait = msUntilTimeout(plane.clock, settled);
    if (wait !== undefined) again(wait);
  },
});

const sync = (plane: ControlPlane, current: Deployment, sets: readonly ReplicaSet[]): Deployment => {
  if (current.metadata.deletionTimestamp !== undefined)
    return saveStatus(plane, current, calculateStatus(plane.clock, current, sets, undefined));
  const noted = notePause(plane, current);
  if (noted.spec.paused) return holdSize(plane, noted, sets);
  const { deployment } = syncNewReplicaSet(plane, noted, sets);
  if (isScalingEvent(deployment, sets)) return holdSize(plane, deployment, sets);
  return deployment.spec.strategy.type === 'Recreate'
    ? recreate(plane, deployment, sets)
    : roll(plane, deployment, sets);
};

const without = (sets: readonly ReplicaSet[], newSet: ReplicaSet | undefined): readonly ReplicaSet[] =>
  sets.filter(({ metadata }) => metadata.uid !== newSet?.metadata.uid);

/** `sync`: no rollout, only the size, the annotations and, while paused, the history limit. */
const holdSize = (plane: ControlPlane, current: Deployment, sets: readonly ReplicaSet[]): Deployment => {
  const { deployment, newSet } = syncNewReplicaSet(plane, current, sets);
  const old = without(sets, newSet);
  scaleProportionally(plane, deployment, newSet, old);
  if (deployment.spec.paused) deleteBeyondHistoryLimit(plane, deployment, old);
  const all = newSet === undefined ? old : [...old, newSet];
  return saveStatus(plane, deployment, calculateStatus(plane.clock, deployment, all, newSet));
};

const roll = (plane: ControlPlane, current: Deployment, sets: readonly ReplicaSet[]): Deployment => {
  const { deployment, newSet } = ensureNewReplicaSet(plane, current, sets);
  const old = without(sets, newSet);
  const all = [...old, newSet];
  const moved =
    reconcileNewReplicaSet(plane, deployment, all, newSet) || reconcileOldReplicaSets(plane, deployment, old, newSet);
  if (!moved && isComplete(deployment, deployment.status)) deleteBeyondHistoryLimit(plane, deployment, old);
  return saveRolloutStatus(plane, deployment, all, newSet);
};

const recreate = (plane: ControlPlane, current: Deployment, sets: readonly ReplicaSet[]): Deployment => {
  const synced = syncNewReplicaSet(plane, current, sets);
  const old = without(sets, synced.newSet);
  const known = synced.newSet === undefined ? old : [...old, synced.newSet];
  const stopping = active(old);
  for (const set of stopping) scaleReplicaSet(plane, synced.deployment, set, 0);
  if (stopping.length > 0 || old.some((set) => hasPods(plane, set)))
    return saveRolloutStatus(plane, synced.deployment, known, synced.newSet);
  const { deployment, newSet } = ensureNewReplicaSet(plane, synced.deployment, sets);
  scaleReplicaSet(plane, deployment, newSet, deployment.spec.replicas);
  if (isComplete(deployment, deployment.status)) deleteBeyondHistoryLimit(plane, deployment, old);
  return saveRolloutStatus(plane, deployment, [...old, newSet], newSet);
};

/** `oldPodsRunning`: pods that have ended for good do not hold up a Recreate. */
const hasPods = (plane: ControlPlane, set: ReplicaSet): boolean =>
  ownedBy<Pod>(plane, resources.pods, set).some(({ status: { phase } }) => phase !== 'Failed' && phase !== 'Succeeded');
