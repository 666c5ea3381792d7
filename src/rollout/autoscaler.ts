import type { Autoscaler } from './neighbours.ts';

/** A workload, as an autoscaler names it. */
export interface ScaleTarget {
  /** In any spelling: `deployment`, `Deployment`. */
  readonly kind: string;
  readonly name: string;
}

/**
 * What an autoscaler that may change the workload's replicas does to a canary: a clause. A Deployment that is scaled
 * while two ReplicaSets have pods grows both in proportion (kubernetes/kubernetes, deployment/sync.go, scale). Undefined
 * without one.
 */
export function scalingOf(autoscalers: readonly Autoscaler[], { kind, name }: ScaleTarget): string | undefined {
  const scaler = autoscalers.find(
    ({ spec: { scaleTargetRef: target, minReplicas = 1, maxReplicas } }) =>
      target.kind.toLowerCase() === kind.toLowerCase() && target.name === name && minReplicas !== maxReplicas,
  );
  if (!scaler) return undefined;
  const { metadata, spec } = scaler;
  return (
    `HorizontalPodAutoscaler ${metadata.namespace}/${metadata.name} may scale it from ${spec.minReplicas ?? 1} to ` +
    `${spec.maxReplicas} pods: the canary keeps its size only while the replicas stay, and grows with them in proportion; ` +
    'set minReplicas to maxReplicas for as long as it is held'
  );
}
