import type { ClusterClock } from '../cluster-clock.ts';
import { findCondition } from '../controllers/conditions.ts';
import type { Condition } from '../model/kubernetes-objects.ts';
import type { Container, ContainerStatus, Pod } from '../model/workload-objects.ts';

/** The status of a pod that a node has just been given. */
export const scheduledStatus = (clock: ClusterClock, { status }: Pod): Pod['status'] => ({
  ...status,
  conditions: [condition(clock, undefined, 'PodScheduled', true)],
});

/** The status of a pod that fits on no node. */
export const unscheduledStatus = (clock: ClusterClock, message: string): Pod['status'] => ({
  phase: 'Pending',
  conditions: [{ ...condition(clock, undefined, 'PodScheduled', false), reason: 'Unschedulable', message }],
});

/** The status of a container that is not there yet. */
export const creatingStatus = ({ name, image }: Container): ContainerStatus => ({
  name,
  image,
  imageID: '',
  ready: false,
  started: false,
  restartCount: 0,
  state: { waiting: { reason: 'ContainerCreating' } },
  lastState: {},
});

/** The status of a pod as its containers' statuses make it. */
export const podStatus = (clock: ClusterClock, pod: Pod, containers: readonly ContainerStatus[]): Pod['status'] => {
  const unready = containers.filter(({ ready }) => !ready).map(({ name }) => name);
  const ready = unready.length === 0;
  const message = `containers with unready status: [${unready.join(' ')}]`;
  const because = ready ? {} : { reason: 'ContainersNotReady', message };
  const { conditions, startTime, podIP, ...rest } = pod.status;
  const sandboxed = containers.some(
    ({ state }) => !('waiting' in state) || state.waiting.reason !== 'ContainerCreating',
  );
  const address = podIP ?? (sandboxed ? addressOf(pod) : undefined);
  return {
    ...rest,
    phase: containers.some(({ containerID }) => containerID !== undefined) ? 'Running' : 'Pending',
    startTime: startTime ?? clock.timestamp(),
    ...(address === undefined ? {} : { podIP: address, podIPs: [{ ip: address }] }),
    conditions: [
      condition(clock, conditions, 'PodReadyToStartContainers', sandboxed),
      condition(clock, conditions, 'Initialized', true),
      { ...condition(clock, conditions, 'Ready', ready), ...because },
      { ...condition(clock, conditions, 'ContainersReady', ready), ...because },
      condition(clock, conditions, 'PodScheduled', true),
    ],
    containerStatuses: containers,
  };
};

const addressOf = ({ metadata }: Pod): string => {
  const [low = 0, high = 0] = Buffer.from(metadata.uid.slice(0, 4), 'hex');
  return `10.244.${high}.${low}`;
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
