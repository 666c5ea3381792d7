import type { ClusterClock } from '../cluster-clock.ts';
import { isSameJson } from '../model/json-equality.ts';
import type { Condition, StringMap } from '../model/kubernetes-objects.ts';
import { resources } from '../model/resource.ts';
import type { Deployment, DeploymentStatus, ReplicaSet } from '../model/workload-objects.ts';
import { targetOf } from '../registry/registry.ts';
import { findCondition, withCondition } from './conditions.ts';
import { type ControlPlane, controllerManager } from './control-plane.ts';
import { maxUnavailable, specReplicas, statusSum } from './replica-counts.ts';

const maxInt32 = 2 ** 31 - 1;

export const hasProgressDeadline = ({ spec }: Deployment): boolean => spec.progressDeadlineSeconds !== maxInt32;

export const progressing = (status: DeploymentStatus): Condition | undefined =>
  findCondition(status.conditions, 'Progressing');

export const newCondition = (
  clock: ClusterClock,
  type: string,
  status: Condition['status'],
  reason: string,
  message: string,
): Condition => ({
  type,
  status,
  lastUpdateTime: clock.timestamp(),
  lastTransitionTime: clock.timestamp(),
  reason,
  message,
});

/** `calculateStatus` of the Deployment controller; zero counts are left out, as on the wire. */
export const calculateStatus = (
  clock: ClusterClock,
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
): DeploymentStatus => {
  const available = statusSum(all, 'availableReplicas');
  const enough = available >= deployment.spec.replicas - maxUnavailable(deployment);
  const condition = enough
    ? newCondition(clock, 'Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
    : newCondition(
        clock,
        'Available',
        'False',
        'MinimumReplicasUnavailable',
        'Deployment does not have minimum availability.',
      );
  const { collisionCount, conditions = [] } = deployment.status;
  return {
    ...nonZero({
      observedGeneration: deployment.metadata.generation ?? 0,
      replicas: statusSum(all, 'replicas'),
      updatedReplicas: newSet?.status.replicas ?? 0,
      readyReplicas: statusSum(all, 'readyReplicas'),
      availableReplicas: available,
      unavailableReplicas: Math.max(0, specReplicas(all) - available),
    }),
    terminatingReplicas: statusSum(all, 'terminatingReplicas'),
    ...(collisionCount === undefined ? {} : { collisionCount }),
    conditions: withCondition(conditions, condition),
  };
};

const nonZero = <T extends Record<string, number>>(counts: T): Partial<T> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0)) as Partial<T>;

/** `DeploymentComplete`: every replica is new, available and nothing else is left. */
export const isComplete = ({ spec, metadata }: Deployment, status: DeploymentStatus): boolean =>
  (status.updatedReplicas ?? 0) === spec.replicas &&
  (status.replicas ?? 0) === spec.replicas &&
  (status.availableReplicas ?? 0) === spec.replicas &&
  (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);

/** `DeploymentProgressing`: more updated, fewer old, more ready or more available than the last status said. */
export const hasProgressed = (before: DeploymentStatus, after: DeploymentStatus): boolean =>
  (after.updatedReplicas ?? 0) > (before.updatedReplicas ?? 0) ||
  oldReplicas(after) < oldReplicas(before) ||
  (after.readyReplicas ?? 0) > (before.readyReplicas ?? 0) ||
  (after.availableReplicas ?? 0) > (before.availableReplicas ?? 0);

const oldReplicas = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus): number => replicas - updatedReplicas;

/** `DeploymentTimedOut`: once said it stays said until another reason takes its place. */
export const isTimedOut = (clock: ClusterClock, { spec }: Deployment, status: DeploymentStatus): boolean => {
  const condition = progressing(status);
  if (condition === undefined || condition.reason === 'NewReplicaSetAvailable') return false;
  if (condition.reason === 'ProgressDeadlineExceeded') return true;
  return clock.now() > Date.parse(condition.lastUpdateTime ?? '') + spec.progressDeadlineSeconds * 1000;
};

/**
 * Writes status, and annotations where the controller changes them in the same call. What it returns keeps the
 * resourceVersion of the sync's own copy, as the controller's does: a second status write in one sync is a conflict.
 */
export const saveStatus = (
  plane: ControlPlane,
  deployment: Deployment,
  status: DeploymentStatus,
  annotations: StringMap | undefined = deployment.metadata.annotations,
): Deployment => {
  if (isSameJson(status, deployment.status) && annotations === deployment.metadata.annotations) return deployment;
  const metadata = annotations === undefined ? deployment.metadata : { ...deployment.metadata, annotations };
  const next = { ...deployment, metadata, status };
  plane.registry.update(targetOf(resources.deployments, deployment), () => next, {
    ...controllerManager,
    subresource: 'status',
  });
  return next;
};
