import type { DisruptionBudget } from '../model/disruption-budget.ts';
import { isSameJson } from '../model/json-equality.ts';
import type { Condition, KubeObject } from '../model/kubernetes-objects.ts';
import { resourceOfKind, resources } from '../model/resource.ts';
import { matchesSelector } from '../model/selectors.ts';
import type { Pod, ReplicaSet } from '../model/workload-objects.ts';
import { targetOf } from '../registry/registry.ts';
import { findCondition } from './conditions.ts';
import { type ControlPlane, controllerManager } from './control-plane.ts';
import type { Controller } from './controller-loop.ts';
import { isReady, isTerminating } from './pod-availability.ts';
import { scaledCount } from './replica-counts.ts';

/** The disruption controller: says in a PodDisruptionBudget's status how many pods may be evicted. */
export const createDisruptionController = (plane: ControlPlane): Controller => ({
  keysOf: ({ resource, object }) =>
    resource === resources.disruptionBudgets || resource === resources.pods ? [object.metadata.namespace ?? ''] : [],
  sync: (namespace) => {
    for (const budget of plane.registry.list(resources.disruptionBudgets, namespace))
      saveStatus(plane, budget as DisruptionBudget);
  },
});

const saveStatus = (plane: ControlPlane, budget: DisruptionBudget): void => {
  const { metadata, spec } = budget;
  const pods = (plane.registry.list(resources.pods, metadata.namespace ?? '') as readonly Pod[]).filter((pod) =>
    matchesSelector(spec.selector ?? {}, pod.metadata.labels),
  );
  const { expectedPods, desiredHealthy } = expected(plane, budget, pods);
  const currentHealthy = pods.filter((pod) => !isTerminating(pod) && isReady(pod)).length;
  const disruptionsAllowed = expectedPods === 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const { generation = 0 } = metadata;
  const conditions = [allowance(plane, budget, disruptionsAllowed > 0)];
  const counts = { disruptionsAllowed, currentHealthy, desiredHealthy, expectedPods };
  const status = { observedGeneration: generation, ...counts, conditions };
  if (isSameJson(status, budget.status)) return;
  const options = { ...controllerManager, subresource: 'status' } as const;
  plane.registry.update(targetOf(resources.disruptionBudgets, budget), (now) => ({ ...now, status }), options);
};

/** `getExpectedPodCount`: against a share, and against maxUnavailable, count the sizes that the pods' workloads shall have. */
const expected = (plane: ControlPlane, { spec }: DisruptionBudget, pods: readonly Pod[]) => {
  const { minAvailable = 1, maxUnavailable } = spec;
  if (maxUnavailable === undefined && typeof minAvailable === 'number')
    return { expectedPods: pods.length, desiredHealthy: minAvailable };
  const expectedPods = scaleOf(plane, pods);
  if (maxUnavailable === undefined)
    return { expectedPods, desiredHealthy: scaledCount(minAvailable, expectedPods, Math.ceil) };
  return {
    expectedPods,
    desiredHealthy: Math.max(0, expectedPods - scaledCount(maxUnavailable, expectedPods, Math.ceil)),
  };
};

/** The replicas of all Deployments, StatefulSets and lone ReplicaSets that the pods are of; a DaemonSet has no size to go by. */
const scaleOf = (plane: ControlPlane, pods: readonly Pod[]): number => {
  const workloads = pods.flatMap((pod) => {
    const owner = controllerOf(plane, pod);
    return owner === undefined ? [] : [controllerOf(plane, owner) ?? owner];
  });
  const sizes = new Map(workloads.map((each) => [each.metadata.uid, (each as ReplicaSet).spec.replicas ?? 0]));
  return [...sizes.values()].reduce((total, size) => total + size, 0);
};

const controllerOf = (plane: ControlPlane, { metadata }: KubeObject): KubeObject | undefined => {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  const resource = owner === undefined ? undefined : resourceOfKind(owner.apiVersion, owner.kind);
  if (owner === undefined || resource === undefined) return undefined;
  const found = plane.registry.find({ resource, namespace: metadata.namespace ?? '', name: owner.name });
  return found?.metadata.uid === owner.uid ? found : undefined;
};

const allowance = ({ clock }: ControlPlane, { metadata, status }: DisruptionBudget, allowed: boolean) => {
  const type = 'DisruptionAllowed';
  const holds: Condition['status'] = allowed ? 'True' : 'False';
  const before = findCondition(status.conditions, type);
  return {
    type,
    status: holds,
    observedGeneration: metadata.generation ?? 0,
    lastTransitionTime: before?.status === holds ? before.lastTransitionTime : clock.timestamp(),
    reason: allowed ? 'SufficientPods' : 'InsufficientPods',
  };
};
