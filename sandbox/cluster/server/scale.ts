import type { KubeObject } from '../model/kubernetes-objects.ts';
import type { Deployment } from '../model/workload-objects.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';

/** The `autoscaling/v1` Scale of a Deployment, ReplicaSet or StatefulSet. */
export const scaleOf = (object: KubeObject): object => {
  const { metadata, spec, status } = object as Deployment;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas },
    status: {
      replicas: status.replicas ?? 0,
      selector: Object.entries(spec.selector.matchLabels ?? {})
        .map(([key, value]) => `${key}=${value}`)
        .join(),
    },
  };
};

/** The object with the replicas, and under the resourceVersion, that a Scale asks for. */
export const withScale = (object: KubeObject, scale: unknown): unknown => {
  const { spec, metadata } = scale as { spec?: { replicas?: number }; metadata?: { resourceVersion?: string } };
  const precondition = metadata?.resourceVersion ? { metadata: { resourceVersion: metadata.resourceVersion } } : {};
  return applyMergePatch(object, { ...precondition, spec: { replicas: spec?.replicas ?? 0 } });
};
