import type { Deployment, KubernetesObject, PodTemplate, UpdateStrategy } from './objects.ts';

/** The parts of a StatefulSet that are read. */
export interface StatefulSet extends KubernetesObject {
  readonly spec: {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly podManagementPolicy?: string;
    readonly updateStrategy?: UpdateStrategy;
    readonly selector: Deployment['spec']['selector'];
    readonly template: PodTemplate;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly updatedReplicas?: number;
    readonly currentRevision?: string;
    readonly updateRevision?: string;
  };
}

/**
 * A StatefulSet in a Deployment's shape. Pods with ordinals below its partition stay on the release that they have
 * (kubernetes/kubernetes, stateful_set_control.go), so only those from there on count as wanted. Its controller knows no
 * deadline.
 */
export function fromStatefulSet(set: StatefulSet): Deployment {
  const { spec, status = {} } = set;
  const kept = keptBelow(spec);
  const wanted = (spec.replicas ?? 1) - kept;
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0, updatedReplicas = 0 } = status;
  const counted = (count: number) => Math.max(0, count - kept);
  return {
    ...set,
    spec: { ...spec, replicas: wanted, progressDeadlineSeconds: NO_DEADLINE_SECONDS },
    status: {
      ...status,
      replicas: counted(replicas),
      readyReplicas: counted(readyReplicas),
      availableReplicas: counted(availableReplicas),
      // Raised after a rollout, a partition also covers pods that are updated.
      updatedReplicas: kept === 0 ? updatedReplicas : Math.min(updatedReplicas, wanted),
    },
  };
}

/** As good as none (kubernetes/kubernetes, deployment_util.go, HasProgressDeadline). */
export const NO_DEADLINE_SECONDS = 2_147_483_647;

function keptBelow({ replicas = 1, updateStrategy }: StatefulSet['spec']): number {
  return Math.min(replicas, updateStrategy?.rollingUpdate?.partition ?? 0);
}
