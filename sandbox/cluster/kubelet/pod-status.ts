import type { ClusterClock } from '../cluster-clock.ts';
import { findCondition } from '../controllers/conditions.ts';
import type { Condition } from '../model/kubernetes-objects.ts';
import type { ContainerStatus, Pod } from '../model/workload-objects.ts';

/** The status of a pod that a node has taken, before its containers have begun. */
export const pendingStatus = (clock: ClusterClock, pod: Pod): Pod['status'] => ({
  ...pod.status,
  phase: 'Pending',
  startTime: clock.timestamp(),
  conditions: [condition(clock, undefined, 'PodScheduled', true)],
});

/** The status of a pod that fits on no node. */
export const unscheduledStatus = (clock: ClusterClock, message: string): Pod['status'] => ({
  phase: 'Pending',
  conditions: [{ ...condition(clock, undefined, 'PodScheduled', false), reason: 'Unschedulable', message }],
});

/** The status of a pod as its containers' statuses make it. */
export const podStatus = (clock: ClusterClock, pod: Pod, containers: readonly ContainerStatus[]): Pod['status'] => {
  const unready = containers.filter(({ ready }) => !ready).map(({ name }) => name);
  const everStarted = containers.some(({ state, lastState }) => !('waiting' in state) || 'terminated' in lastState);
  const ready = unready.length === 0 && containers.length === pod.spec.containers.length;
  const because = ready
    ? {}
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${unready.join(' ')}]` };
  const before = pod.status.conditions;
  return {
    ...pod.status,
    phase: pod.status.phase === 'Running' || everStarted ? 'Running' : 'Pending',
    podIP: pod.status.podIP ?? `10.88.0.${2 + (pod.metadata.uid.charCodeAt(0) % 250)}`,
    conditions: [
      condition(clock, before, 'Initialized', true),
      { ...condition(clock, before, 'Ready', ready), ...because },
      { ...condition(clock, before, 'ContainersReady', ready), ...because },
      condition(clock, before, 'PodScheduled', true),
    ],
    containerStatuses: containers,
  };
};

const condition = (
  clock: ClusterClock,
  before: readonly Condition[] | undefined,
  type: string,
  holds: boolean,
): Condition => {
  const status = holds ? 'True' : 'False';
  const known = findCondition(before, type);
  const lastTransitionTime =
    known?.status === status && known.lastTransitionTime ? known.lastTransitionTime : clock.timestamp();
  return { type, status, lastTransitionTime };
};
