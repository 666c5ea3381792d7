/** A value as it came over the wire. Templates stay raw: a typed model would drop the fields that it does not know. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export type StringMap = Readonly<Record<string, string>>;

export interface OwnerReference {
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
}

export interface ManagedFields {
  readonly manager?: string;
  readonly operation?: string;
  readonly subresource?: string;
  readonly time?: string;
  /** Which fields, as a tree of keys such as `f:spec`. */
  readonly fieldsV1?: { readonly [key: string]: { readonly [key: string]: unknown } };
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: StringMap;
  readonly annotations?: StringMap;
  readonly ownerReferences?: readonly OwnerReference[];
  readonly managedFields?: readonly ManagedFields[];
}

export interface KubernetesObject {
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  /** `Always` on an init container makes it a native sidecar. */
  readonly restartPolicy?: string;
}

/** The parts of a pod template that we read; whatever else it holds travels along untouched. */
export interface PodTemplate {
  readonly metadata?: { readonly labels?: StringMap; readonly annotations?: StringMap };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly [field: string]: unknown;
  };
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  readonly lastUpdateTime?: string;
  readonly lastTransitionTime?: string;
}

/** A Deployment, or a workload of another kind in its shape (see `fromStatefulSet`, `fromDaemonSet`). */
export interface Deployment extends KubernetesObject {
  readonly spec: {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly minReadySeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly progressDeadlineSeconds?: number;
    readonly selector: { readonly matchLabels?: StringMap; readonly matchExpressions?: readonly SelectorRequirement[] };
    readonly strategy?: {
      readonly type?: string;
      readonly rollingUpdate?: {
        readonly maxSurge?: number | string;
        readonly maxUnavailable?: number | string;
      } | null;
    };
    /** How pods are replaced, as the other kinds have it. */
    readonly updateStrategy?: UpdateStrategy;
    /** Of a StatefulSet: whether its pods wait for one another. */
    readonly podManagementPolicy?: string;
    /** Of a StatefulSet: the lowest ordinal, 0 unless given. */
    readonly ordinals?: { readonly start?: number };
    readonly template: PodTemplate;
  };
  readonly status?: {
    readonly observedGeneration?: number;
    /** Of a StatefulSet: the name of the revision that its pods are brought to. */
    readonly updateRevision?: string;
    /** Of a StatefulSet: the one that they come from, and how many still have it. */
    readonly currentRevision?: string;
    readonly currentReplicas?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    /** Pods that are leaving; told since Kubernetes 1.33. */
    readonly terminatingReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

/** Of StatefulSets and DaemonSets. */
export interface UpdateStrategy {
  readonly type?: string;
  readonly rollingUpdate?: {
    readonly partition?: number;
    readonly maxSurge?: number | string;
    readonly maxUnavailable?: number | string;
  } | null;
}

export interface SelectorRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

/** A ReplicaSet, or a ControllerRevision in its shape (see `fromControllerRevision`). */
export interface ReplicaSet extends KubernetesObject {
  readonly spec: { readonly replicas?: number; readonly template: PodTemplate };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

export interface ContainerStatus {
  readonly name: string;
  readonly image?: string;
  readonly imageID?: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly started?: boolean;
  readonly state?: ContainerState;
  /** How the life before the present one ended. */
  readonly lastState?: ContainerState;
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: {
    readonly reason?: string;
    readonly exitCode?: number;
    readonly signal?: number;
    readonly message?: string;
    readonly finishedAt?: string;
  };
}

export interface Pod extends KubernetesObject {
  readonly spec?: {
    readonly nodeName?: string;
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
  };
  readonly status?: {
    readonly phase?: string;
    /** When the node's kubelet took it. */
    readonly startTime?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

/** A core/v1 Event, as far as it is shown. */
export interface ClusterEvent extends KubernetesObject {
  readonly involvedObject: { readonly kind?: string; readonly name?: string; readonly uid?: string };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
}
