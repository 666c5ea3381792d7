import { NO_DEADLINE_SECONDS } from './loan.ts';
import type { Deployment, KubernetesObject, PodTemplate, UpdateStrategy } from './objects.ts';

/** The parts of a DaemonSet that are read. */
export interface DaemonSet extends KubernetesObject {
  readonly spec: {
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly updateStrategy?: UpdateStrategy;
    readonly selector: Deployment['spec']['selector'];
    readonly template: PodTemplate;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly currentNumberScheduled?: number;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberReady?: number;
    readonly numberAvailable?: number;
  };
}

/** A DaemonSet in a Deployment's shape: nodes that should run a pod are its replicas. Its controller knows no deadline. */
export function fromDaemonSet(set: DaemonSet): Deployment {
  const { spec, status = {} } = set;
  return {
    ...set,
    spec: { ...spec, replicas: status.desiredNumberScheduled ?? 0, progressDeadlineSeconds: NO_DEADLINE_SECONDS },
    status: {
      ...status,
      replicas: status.currentNumberScheduled ?? 0,
      updatedReplicas: status.updatedNumberScheduled ?? 0,
      readyReplicas: status.numberReady ?? 0,
      availableReplicas: status.numberAvailable ?? 0,
    },
  };
}
