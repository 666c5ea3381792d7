import type { ClusterClock } from '../cluster-clock.ts';
import type { Condition } from '../model/kubernetes-objects.ts';
import type { Deployment, DeploymentStatus, ReplicaSet } from '../model/workload-objects.ts';
import { findCondition, withCondition, withoutCondition } from './conditions.ts';
import type { ControlPlane } from './control-plane.ts';
import {
  calculateStatus,
  hasProgressDeadline,
  hasProgressed,
  isComplete,
  isTimedOut,
  newCondition,
  progressing,
  saveStatus,
} from './deployment-status.ts';

/** `syncRolloutStatus`: counts, and what the conditions say of progress and of failures. */
export const saveRolloutStatus = (
  plane: ControlPlane,
  deployment: Deployment,
  all: readonly ReplicaSet[],
  newSet: ReplicaSet | undefined,
): Deployment => {
  const status = calculateStatus(plane.clock, deployment, all, newSet);
  const progressed = hasProgressDeadline(deployment)
    ? withProgress(plane.clock, deployment, status, newSet)
    : withoutCondition(status.conditions ?? [], 'Progressing');
  const failure = replicaFailure(all, newSet);
  const { status: state = 'True', reason = '', message = '' } = failure ?? {};
  const conditions =
    failure === undefined
      ? withoutCondition(progressed, 'ReplicaFailure')
      : withCondition(progressed, newCondition(plane.clock, 'ReplicaFailure', state, reason, message));
  return saveStatus(plane, deployment, { ...status, conditions });
};

const withProgress = (
  clock: ClusterClock,
  deployment: Deployment,
  status: DeploymentStatus,
  newSet: ReplicaSet | undefined,
): readonly Condition[] => {
  const { conditions = [] } = status;
  const { name } = deployment.metadata;
  const subject = newSet === undefined ? `Deployment "${name}"` : `ReplicaSet "${newSet.metadata.name}"`;
  const report = (state: Condition['status'], reason: string, text: string) =>
    newCondition(clock, 'Progressing', state, reason, `${subject} ${text}`);
  const current = progressing(deployment.status);
  if ((status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === 'NewReplicaSetAvailable')
    return conditions;
  if (isComplete(deployment, status))
    return withCondition(conditions, report('True', 'NewReplicaSetAvailable', 'has successfully progressed.'));
  if (hasProgressed(deployment.status, status)) {
    const next = report('True', 'ReplicaSetUpdated', 'is progressing.');
    const since = current?.status === 'True' ? current.lastTransitionTime : undefined;
    const kept = since === undefined ? next : { ...next, lastTransitionTime: since };
    return [...withoutCondition(conditions, 'Progressing'), kept];
  }
  if (isTimedOut(clock, deployment, status))
    return withCondition(conditions, report('False', 'ProgressDeadlineExceeded', 'has timed out progressing.'));
  return conditions;
};

/** `getReplicaFailures`: the new ReplicaSet's failure, else that of any. */
const replicaFailure = (all: readonly ReplicaSet[], newSet: ReplicaSet | undefined): Condition | undefined => {
  const failureOf = (set: ReplicaSet | undefined) => findCondition(set?.status.conditions, 'ReplicaFailure');
  return failureOf(newSet) ?? all.map(failureOf).find((condition) => condition !== undefined);
};

/** `checkPausedConditions`: the deadline stands still while paused and starts again on resume; a time-out already said stays. */
export const notePause = (plane: ControlPlane, deployment: Deployment): Deployment => {
  const current = progressing(deployment.status);
  if (!hasProgressDeadline(deployment) || current?.reason === 'ProgressDeadlineExceeded') return deployment;
  const paused = deployment.spec.paused ?? false;
  if ((current?.reason === 'DeploymentPaused') === paused) return deployment;
  const next = paused
    ? newCondition(plane.clock, 'Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused')
    : newCondition(plane.clock, 'Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed');
  const conditions = withCondition(deployment.status.conditions ?? [], next);
  return saveStatus(plane, deployment, { ...deployment.status, conditions });
};

/** `requeueStuckDeployment`: milliseconds until one second after the deadline, or undefined when none is running. */
export const msUntilTimeout = (clock: ClusterClock, deployment: Deployment): number | undefined => {
  const current = progressing(deployment.status);
  if (!hasProgressDeadline(deployment) || current === undefined || deployment.spec.paused) return undefined;
  if (isComplete(deployment, deployment.status) || current.reason === 'ProgressDeadlineExceeded') return undefined;
  const deadline = Date.parse(current.lastUpdateTime ?? '') + deployment.spec.progressDeadlineSeconds * 1000;
  return Math.max(deadline - clock.now(), 0) + 1000;
};
