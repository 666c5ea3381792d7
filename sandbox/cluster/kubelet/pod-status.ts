import type { ClusterClock } from '../cluster-clock.ts';
import { findCondition } from '../controllers/conditions.ts';
import type { Condition } from '../model/kubernetes-objects.ts';
import type { Container, ContainerStatus, Pod } from '../model/workload-objects.ts';
import type { Role } from './container-context.ts';

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
export const creatingStatus = ({ name, image }: Container, { spec }: Pod): ContainerStatus => ({
  name,
  image,
  imageID: '',
  ready: false,
  started: false,
  restartCount: 0,
  state: { waiting: { reason: (spec.initContainers ?? []).length > 0 ? 'PodInitializing' : 'ContainerCreating' } },
  lastState: {},
});

/** What a container is to its pod. */
export const roleOf = ({ spec }: Pod, name: string): Role => {
  const init = (spec.initContainers ?? []).find((container) => container.name === name);
  if (init === undefined) return 'main';
  return init.restartPolicy === 'Always' ? 'sidecar' : 'init';
};

/** The status of a pod as its containers' statuses make it. */
export const podStatus = (clock: ClusterClock, pod: Pod, containers: readonly ContainerStatus[]): Pod['status'] => {
  const role = ({ name }: ContainerStatus): Role => roleOf(pod, name);
  const inits = containers.filter((status) => role(status) !== 'main');
  const mains = containers.filter((status) => role(status) === 'main');
  const incomplete = inits.filter((status) => !(role(status) === 'init' ? status.ready : status.started));
  const unready = containers.filter((status) => role(status) !== 'init' && !status.ready);
  const because = why('ContainersNotReady', 'unready', unready);
  const { conditions, startTime, podIP, ...rest } = pod.status;
  const sandboxed = containers.some(({ state }) => !('waiting' in state) || !creating.includes(state.waiting.reason));
  const address = podIP ?? (sandboxed ? addressOf(pod) : undefined);
  const initialized = incomplete.length === 0;
  const running = initialized && mains.some(({ containerID }) => containerID !== undefined);
  return {
    ...rest,
    phase: running ? 'Running' : 'Pending',
    startTime: startTime ?? clock.timestamp(),
    ...(address === undefined ? {} : { podIP: address, podIPs: [{ ip: address }] }),
    conditions: [
      condition(clock, conditions, 'PodReadyToStartContainers', sandboxed),
      {
        ...condition(clock, conditions, 'Initialized', initialized),
        ...why('ContainersNotInitialized', 'incomplete', incomplete),
      },
      { ...condition(clock, conditions, 'Ready', unready.length === 0), ...because },
      { ...condition(clock, conditions, 'ContainersReady', unready.length === 0), ...because },
      condition(clock, conditions, 'PodScheduled', true),
    ],
    ...(inits.length > 0 ? { initContainerStatuses: inits } : {}),
    containerStatuses: mains,
  };
};

const creating = ['ContainerCreating', 'PodInitializing'];

const why = (reason: string, word: string, containers: readonly ContainerStatus[]) =>
  containers.length === 0
    ? {}
    : { reason, message: `containers with ${word} status: [${containers.map(({ name }) => name).join(' ')}]` };

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
