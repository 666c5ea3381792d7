import type { KubernetesObject, StringMap } from './objects.ts';
import type { LabelSelector } from './selector.ts';

/** Objects of a namespace that bear on how many pods a workload has, or may have. */
export interface Neighbours {
  readonly horizontalpodautoscalers: Autoscaler;
  readonly poddisruptionbudgets: DisruptionBudget;
  readonly resourcequotas: ResourceQuota;
}

/** An autoscaling/v2 HorizontalPodAutoscaler, as far as it is read. */
export interface Autoscaler extends KubernetesObject {
  readonly spec: {
    readonly scaleTargetRef: { readonly kind: string; readonly name: string };
    readonly minReplicas?: number;
    readonly maxReplicas: number;
  };
}

/** A policy/v1 PodDisruptionBudget, as far as it is read. */
export interface DisruptionBudget extends KubernetesObject {
  readonly spec: {
    readonly selector?: LabelSelector;
    readonly minAvailable?: number | string;
    readonly maxUnavailable?: number | string;
  };
  readonly status?: { readonly expectedPods?: number };
}

/** A core/v1 ResourceQuota. Amounts are Kubernetes' quantities. */
export interface ResourceQuota extends KubernetesObject {
  readonly spec?: {
    readonly hard?: StringMap;
    readonly scopes?: readonly string[];
    readonly scopeSelector?: { readonly matchExpressions?: readonly ScopeRequirement[] };
  };
  readonly status?: { readonly hard?: StringMap; readonly used?: StringMap };
}

export interface ScopeRequirement {
  readonly scopeName: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}
