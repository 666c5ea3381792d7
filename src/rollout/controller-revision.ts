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
 * Revisions with their pods counted, as far as the workload tells: of the one that it brings its pods to, those that are
 * certainly ready.
 */
export function countPods({ status = {} }: Deployment, revisions: readonly ReplicaSet[]): readonly ReplicaSet[] {
  const { replicas = 0, updatedReplicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  const old = Math.max(0, replicas - updatedReplicas);
  const newest = Math.max(0, ...revisions.map(numberOf));
  const isUpdate = (revision: ReplicaSet) =>
    status.updateRevision ? revision.metadata.name === status.updateRevision : numberOf(revision) === newest;
  const counts = {
    replicas: updatedReplicas,
    readyReplicas: Math.max(0, readyReplicas - old),
    availableReplicas: Math.max(0, availableReplicas - old),
  };
  return revisions.map((revision) =>
    isControllerRevision(revision) && isUpdate(revision) ? { ...revision, status: counts } : revision,
  );
}

function numberOf({ metadata }: ReplicaSet): number {
  return Number(metadata.annotations?.[REVISION] ?? 0);
}
