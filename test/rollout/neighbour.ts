import type { Autoscaler, DisruptionBudget, ResourceQuota } from '../../src/rollout/neighbours.ts';
import type { PodTemplate, StringMap } from '../../src/rollout/objects.ts';

const metadata = (name: string) => ({ name, namespace: 'shop', uid: name, resourceVersion: '1' });

export function quotaOf(hard: StringMap, used: StringMap = {}, spec: ResourceQuota['spec'] = {}): ResourceQuota {
  return { metadata: metadata('team'), spec: { hard, ...spec }, status: { hard, used } };
}

export function budgetOf(spec: DisruptionBudget['spec'], expectedPods?: number): DisruptionBudget {
  const selector = { matchLabels: { app: 'web' } };
  const status = expectedPods === undefined ? {} : { status: { expectedPods } };
  return { metadata: metadata('web-budget'), spec: { selector, ...spec }, ...status };
}

export function autoscalerOf(minReplicas: number | undefined, maxReplicas: number, kind = 'Deployment'): Autoscaler {
  const min = minReplicas === undefined ? {} : { minReplicas };
  return { metadata: metadata('web-scaler'), spec: { scaleTargetRef: { kind, name: 'web' }, ...min, maxReplicas } };
}

/** A template of one container `app` with these resources, and whatever else its pods have. */
export function templateWith(resources: object, spec: object = {}): PodTemplate {
  return {
    metadata: { labels: { app: 'web' } },
    spec: { containers: [{ name: 'app', image: 'web:1', resources } as { name: string }], ...spec },
  };
}
