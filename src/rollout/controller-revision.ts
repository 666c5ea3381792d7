import { CONTROLLER_REVISION_HASH, REVISION } from './marks.ts';
import type { Deployment, KubernetesObject, PodTemplate, ReplicaSet } from './objects.ts';

/** What a StatefulSet or DaemonSet was: a strategic merge patch of its pod template. */
export interface ControllerRevision extends KubernetesObject {
  readonly revision: number;
  readonly data?: { readonly spec?: { readonly template?: PodTemplate & { readonly $patch?: string } } };
}

const KIND = 'ControllerRevision';

/**
 * A ControllerRevision in a ReplicaSet's shape. The pods of a StatefulSet carry its name in the label
 * `controller-revision-hash`, those of a DaemonSet its hash, which it is labelled with itself.
 */
export function fromControllerRevision({ metadata, revision, data }: ControllerRevision): ReplicaSet {
  const { $patch: _replace, ...template } = data?.spec?.template ?? { spec: { containers: [] } };
  const hash = metadata.labels?.[CONTROLLER_REVISION_HASH] ?? metadata.name;
  return {
    kind: KIND,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, [CONTROLLER_REVISION_HASH]: hash },
      annotations: { ...metadata.annotations, [REVISION]: String(revision) },
    },
    spec: { template },
  };
}

/** Whether it came as a ControllerRevision, which counts no pods itself. */
export function isControllerRevision({ kind }: ReplicaSet): boolean {
  return kind === KIND;
}

/**
 * Revisions with their pods counted, as far as the workload tells: the one that it brings its pods to has those that are
 * certainly ready, the one that these come from the others.
 */
export function countPods({ status = {} }: Deployment, revisions: readonly ReplicaSet[]): readonly ReplicaSet[] {
  const { replicas = 0, updatedReplicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  const { updateRevision, currentRevision, currentReplicas = 0 } = status;
  const newest = Math.max(0, ...revisions.map(numberOf));
  const old = Math.max(0, replicas - updatedReplicas);
  const updated = {
    replicas: updatedReplicas,
    readyReplicas: Math.min(updatedReplicas, Math.max(0, readyReplicas - old)),
    availableReplicas: Math.min(updatedReplicas, Math.max(0, availableReplicas - old)),
  };
  const left = { replicas: currentReplicas, readyReplicas: Math.min(currentReplicas, readyReplicas) };
  return revisions.map((revision) => {
    if (!isControllerRevision(revision)) return revision;
    const { name } = revision.metadata;
    const isUpdate = updateRevision ? name === updateRevision : numberOf(revision) === newest;
    const counts = isUpdate ? updated : name === currentRevision ? left : undefined;
    return counts ? { ...revision, spec: { ...revision.spec, replicas: counts.replicas }, status: counts } : revision;
  });
}

/** Kubernetes' own number of a revision; 0 where it has none. */
export function numberOf({ metadata }: ReplicaSet): number {
  return Number(metadata.annotations?.[REVISION] ?? 0);
}
