import { resources } from '../model/resource.ts';
import type { StatefulSet, StatefulSetStatus } from '../model/set-objects.ts';
import type { Pod } from '../model/workload-objects.ts';
import { targetOf } from '../registry/registry.ts';
import { type ControlPlane, controllerManager } from './control-plane.ts';
import { isAvailable, isReady, isTerminating } from './pod-availability.ts';
import { type LiveRevisions, revisionNameOf } from './stateful-set-revisions.ts';

/** `computeReplicaStatus`: a pod that ends still counts, as ready too; of a revision are only those that stay. */
export const countPods = (
  plane: ControlPlane,
  { metadata, spec }: StatefulSet,
  pods: readonly Pod[],
  { current, update, collisionCount }: LiveRevisions,
): Required<StatefulSetStatus> => {
  const staying = pods.filter((pod) => !isTerminating(pod)).map(revisionNameOf);
  const running = pods.filter((pod) => pod.status.phase === 'Running' && isReady(pod));
  return {
    observedGeneration: metadata.generation ?? 0,
    replicas: pods.length,
    readyReplicas: running.length,
    availableReplicas: running.filter((pod) => isAvailable(plane.clock, pod, spec.minReadySeconds ?? 0)).length,
    currentReplicas: staying.filter((name) => name === current.metadata.name).length,
    updatedReplicas: staying.filter((name) => name === update.metadata.name).length,
    currentRevision: current.metadata.name,
    updateRevision: update.metadata.name,
    collisionCount,
  };
};

/** `updateStatefulSetStatus`: the update revision becomes the current one once every pod is of it and ready. */
export const saveStatefulSetStatus = (
  plane: ControlPlane,
  set: StatefulSet,
  counted: Required<StatefulSetStatus>,
): void => {
  const status = completed(set, counted);
  if (isConsistent(set.status, status)) return;
  const { readyReplicas, currentReplicas, updatedReplicas, ...always } = status;
  const counts = Object.entries({ readyReplicas, currentReplicas, updatedReplicas }).filter(([, count]) => count !== 0);
  plane.registry.update(
    targetOf(resources.statefulSets, set),
    (current) => ({ ...current, status: { ...always, ...Object.fromEntries(counts) } }),
    { ...controllerManager, subresource: 'status' },
  );
};

const completed = ({ spec }: StatefulSet, status: Required<StatefulSetStatus>): Required<StatefulSetStatus> => {
  const { updatedReplicas, readyReplicas, replicas, updateRevision } = status;
  const done = [updatedReplicas, readyReplicas, replicas].every((count) => count === spec.replicas);
  return done && spec.updateStrategy.type === 'RollingUpdate'
    ? { ...status, currentReplicas: updatedReplicas, currentRevision: updateRevision }
    : status;
};

/** Whether there is nothing new to write; a collision alone is not written. */
const isConsistent = (known: StatefulSetStatus, { collisionCount: _, ...found }: Required<StatefulSetStatus>) =>
  found.observedGeneration <= (known.observedGeneration ?? 0) &&
  known.currentRevision === found.currentRevision &&
  known.updateRevision === found.updateRevision &&
  (['replicas', 'readyReplicas', 'availableReplicas', 'currentReplicas', 'updatedReplicas'] as const).every(
    (field) => (known[field] ?? 0) === found[field],
  );
