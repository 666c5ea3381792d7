import { ApiError } from '../model/api-error.ts';
import { isSameJson } from '../model/json-equality.ts';
import type { Condition } from '../model/kubernetes-objects.ts';
import { resources } from '../model/resource.ts';
import type { Pod, ReplicaSet } from '../model/workload-objects.ts';
import { targetOf } from '../registry/registry.ts';
import { findCondition, withoutCondition } from './conditions.ts';
import { type ControlPlane, controllerManager } from './control-plane.ts';
import type { Controller } from './controller-loop.ts';
import { adoptOrphans, controllerReference, keyOf, ownedBy, ownerKeys, splitKey } from './ownership.ts';
import { isAvailable, isFinished, isReady, isTerminating } from './pod-availability.ts';

/** The ReplicaSet controller: as many pods as asked for, and counts of how they are. */
export const createReplicaSetController = (plane: ControlPlane): Controller => ({
  keysOf: ({ resource, object }) => {
    if (resource === resources.replicaSets) return [keyOf(object)];
    return resource === resources.pods ? ownerKeys(object, 'ReplicaSet') : [];
  },
  sync: (key, again) => {
    const set = plane.registry.find(splitKey(resources.replicaSets, key)) as ReplicaSet | undefined;
    if (set === undefined) return;
    adoptOrphans(plane, resources.pods, set);
    const pods = ownedBy<Pod>(plane, resources.pods, set).filter(isUnfinished);
    const failure =
      set.metadata.deletionTimestamp === undefined ? resize(plane, set, pods.filter(isActive)) : undefined;
    const status = calculateStatus(plane, set, pods, failure);
    if (!isSameJson(status, set.status)) saveStatus(plane, set, status);
    const { minReadySeconds = 0, replicas } = set.spec;
    if (status.readyReplicas === replicas && status.availableReplicas !== replicas) again(minReadySeconds * 1000);
    if (failure !== undefined) throw failure;
  },
});

const isUnfinished = (pod: Pod): boolean => !isFinished(pod);
const isActive = (pod: Pod): boolean => !isTerminating(pod);

/** Creates or deletes pods; the first refused creation ends the batch, as slow start does, and is returned. */
const resize = (plane: ControlPlane, set: ReplicaSet, pods: readonly Pod[]): ApiError | undefined => {
  const missing = set.spec.replicas - pods.length;
  try {
    for (let count = 0; count < missing; count++) createPod(plane, set);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    plane.recordEvent('replicaset-controller', set, {
      type: 'Warning',
      reason: 'FailedCreate',
      message: `Error creating: ${error.message}`,
    });
    return error;
  }
  for (const pod of inDeletionOrder(pods).slice(0, Math.max(0, -missing))) {
    plane.remove(targetOf(resources.pods, pod));
    plane.recordEvent('replicaset-controller', set, {
      type: 'Normal',
      reason: 'SuccessfulDelete',
      message: `Deleted pod: ${pod.metadata.name}`,
    });
  }
  return undefined;
};

const createPod = (plane: ControlPlane, set: ReplicaSet): void => {
  const { name, namespace = '' } = set.metadata;
  const { metadata = {}, spec } = set.spec.template;
  const draft = {
    metadata: {
      ...metadata,
      generateName: `${name}-`,
      ownerReferences: [controllerReference(set)],
    },
    spec,
  };
  const pod = plane.registry.create(resources.pods, namespace, draft, controllerManager);
  plane.recordEvent('replicaset-controller', set, {
    type: 'Normal',
    reason: 'SuccessfulCreate',
    message: `Created pod: ${pod.metadata.name}`,
  });
};

/** `ActivePods` order: unassigned, then pending, then not ready go first; among equals the youngest. */
const inDeletionOrder = (pods: readonly Pod[]): readonly Pod[] => {
  const rank = (pod: Pod) =>
    pod.spec.nodeName === undefined ? 0 : pod.status.phase === 'Pending' ? 1 : isReady(pod) ? 3 : 2;
  const born = (pod: Pod) => pod.metadata.creationTimestamp;
  return pods.toSorted((a, b) => rank(a) - rank(b) || born(b).localeCompare(born(a)));
};

const calculateStatus = (
  plane: ControlPlane,
  set: ReplicaSet,
  pods: readonly Pod[],
  failure: ApiError | undefined,
): ReplicaSet['status'] => {
  const alive = pods.filter(isActive);
  const ready = alive.filter(isReady);
  const available = ready.filter((pod) => isAvailable(plane.clock, pod, set.spec.minReadySeconds ?? 0));
  const counts = {
    fullyLabeledReplicas: alive.length,
    readyReplicas: ready.length,
    availableReplicas: available.length,
    observedGeneration: set.metadata.generation ?? 0,
  };
  const conditions = failureConditions(plane, set.status.conditions ?? [], failure);
  return {
    replicas: alive.length,
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)),
    terminatingReplicas: pods.length - alive.length,
    ...(conditions.length > 0 ? { conditions } : {}),
  };
};

/** The first failure stays as it was said; its message is not refreshed until a sync succeeds. */
const failureConditions = (
  plane: ControlPlane,
  conditions: readonly Condition[],
  failure: ApiError | undefined,
): readonly Condition[] => {
  if (failure === undefined) return withoutCondition(conditions, 'ReplicaFailure');
  if (findCondition(conditions, 'ReplicaFailure') !== undefined) return conditions;
  const lastTransitionTime = plane.clock.timestamp();
  return [
    ...conditions,
    { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: failure.message, lastTransitionTime },
  ];
};

const saveStatus = (plane: ControlPlane, set: ReplicaSet, status: ReplicaSet['status']): void => {
  const target = targetOf(resources.replicaSets, set);
  plane.registry.update(target, (current) => ({ ...current, status }), { ...controllerManager, subresource: 'status' });
};
