import { NO_DEADLINE_SECONDS } from './loan.ts';
import type { Deployment, KubernetesObject, PodTemplate, UpdateStrategy } from './objects.ts';

/** The parts of a StatefulSet that are read. */
export interface StatefulSet extends KubernetesObject {
  readonly spec: {
    readonly replicas?: number;
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly podManagementPolicy?: string;
    readonly ordinals?: { readonly start?: number };
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
    readonly currentReplicas?: number;
    readonly currentRevision?: string;
    readonly updateRevision?: string;
  };
}

/** A StatefulSet in a Deployment's shape. Its controller knows no deadline. */
export function fromStatefulSet(set: StatefulSet): Deployment {
  return { ...set, spec: { ...set.spec, progressDeadlineSeconds: NO_DEADLINE_SECONDS } };
}
