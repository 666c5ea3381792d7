import type { JsonObject, KubeObject, LabelSelector } from './kubernetes-objects.ts';
import type { PodTemplate, RollingUpdate } from './workload-objects.ts';

export interface StatefulSetStatus {
  readonly observedGeneration?: number;
  readonly replicas: number;
  readonly readyReplicas?: number;
  readonly availableReplicas: number;
  /** Pods of `currentRevision`, the revision that was complete last. */
  readonly currentReplicas?: number;
  /** Pods of `updateRevision`, that of the template. */
  readonly updatedReplicas?: number;
  readonly currentRevision?: string;
  readonly updateRevision?: string;
  readonly collisionCount?: number;
}

/** What a pod's own PersistentVolumeClaim is made from. */
export interface VolumeClaimTemplate {
  readonly metadata: Pick<KubeObject['metadata'], 'name' | 'labels' | 'annotations'>;
  readonly spec: object;
}

export interface StatefulSet extends KubeObject {
  readonly spec: {
    readonly replicas: number;
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly volumeClaimTemplates?: readonly VolumeClaimTemplate[];
    readonly serviceName?: string;
    readonly podManagementPolicy: 'OrderedReady' | 'Parallel';
    readonly updateStrategy: {
      readonly type: 'RollingUpdate' | 'OnDelete';
      readonly rollingUpdate?: { readonly partition?: number };
    };
    readonly revisionHistoryLimit: number;
    readonly minReadySeconds?: number;
    readonly ordinals?: { readonly start: number };
  };
  readonly status: StatefulSetStatus;
}

export interface DaemonSetStatus {
  readonly observedGeneration?: number;
  readonly currentNumberScheduled: number;
  readonly numberMisscheduled: number;
  readonly desiredNumberScheduled: number;
  readonly numberReady: number;
  readonly updatedNumberScheduled?: number;
  readonly numberAvailable?: number;
  readonly numberUnavailable?: number;
  readonly collisionCount?: number;
}

export interface DaemonSet extends KubeObject {
  readonly spec: {
    readonly selector: LabelSelector;
    readonly template: PodTemplate;
    readonly updateStrategy: { readonly type: 'RollingUpdate' | 'OnDelete'; readonly rollingUpdate?: RollingUpdate };
    readonly revisionHistoryLimit: number;
    readonly minReadySeconds?: number;
  };
  readonly status: DaemonSetStatus;
}

/** A template that a StatefulSet or a DaemonSet has had, as the strategic merge patch that brings it back. */
export interface ControllerRevision extends KubeObject {
  readonly revision: number;
  readonly data: { readonly spec: { readonly template: PodTemplate & { readonly $patch: 'replace' } } } & JsonObject;
}
