import { isSameJson } from '../model/json-equality.ts';
import type { StringMap } from '../model/kubernetes-objects.ts';
import { resources } from '../model/resource.ts';
import type { Deployment, ReplicaSet } from '../model/workload-objects.ts';
import { targetOf } from '../registry/registry.ts';
import { type ControlPlane, controllerManager } from './control-plane.ts';
import { maxSurge } from './replica-counts.ts';
import { annotation } from './revisions.ts';

/** The annotations by which the controller recognises a scaling event and scales proportionally. */
export const replicaAnnotations = (deployment: Deployment): StringMap => ({
  [annotation.desiredReplicas]: String(deployment.spec.replicas),
  [annotation.maxReplicas]: String(deployment.spec.replicas + maxSurge(deployment)),
});

/**
 * Sets a ReplicaSet's size and its replica annotations and returns what was stored, the same object when nothing changed.
 * Like every write of this controller it carries the resourceVersion it was read with, so a stale one throws a conflict.
 */
export const scaleReplicaSet = (
  plane: ControlPlane,
  deployment: Deployment,
  set: ReplicaSet,
  replicas: number,
): ReplicaSet => {
  const annotations = { ...set.metadata.annotations, ...replicaAnnotations(deployment) };
  const resized = set.spec.replicas !== replicas;
  if (!resized && isSameJson(annotations, set.metadata.annotations)) return set;
  const scaled = updateReplicaSet(plane, {
    ...set,
    metadata: { ...set.metadata, annotations },
    spec: { ...set.spec, replicas },
  });
  if (resized) {
    const direction = replicas > set.spec.replicas ? 'up' : 'down';
    const message = `Scaled ${direction} replica set ${set.metadata.name} from ${set.spec.replicas} to ${replicas}`;
    plane.recordEvent('deployment-controller', deployment, { type: 'Normal', reason: 'ScalingReplicaSet', message });
  }
  return scaled;
};

/** Writes a ReplicaSet's main resource as the controller manager. */
export const updateReplicaSet = (plane: ControlPlane, set: ReplicaSet): ReplicaSet =>
  plane.registry.update(targetOf(resources.replicaSets, set), () => set, controllerManager) as ReplicaSet;
