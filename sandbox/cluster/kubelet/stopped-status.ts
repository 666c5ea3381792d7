import type { ClusterClock } from '../cluster-clock.ts';
import type { Condition } from '../model/kubernetes-objects.ts';
import type { ContainerState, ContainerStatus, Pod } from '../model/workload-objects.ts';
import { podStatus } from './pod-status.ts';

/** The last status of a pod that was told to go: a kubelet says how its containers ended, and only then lets it go. */
export const stoppedStatus = (clock: ClusterClock, pod: Pod, containers: readonly ContainerStatus[]): Pod['status'] => {
  const ended = containers.map((container) => stopped(clock, container));
  const { conditions = [], ...status } = podStatus(clock, pod, ended);
  const phase = ended.every(endedWell) ? 'Succeeded' : 'Failed';
  const reason = phase === 'Succeeded' ? 'PodCompleted' : 'PodFailed';
  const over = (condition: Condition): Condition =>
    kept.includes(condition.type) ? condition : { ...condition, status: 'False', reason };
  return { ...status, phase, conditions: conditions.map(over) };
};

const kept = ['Initialized', 'PodScheduled'];

const stopped = (clock: ClusterClock, container: ContainerStatus): ContainerStatus => ({
  ...container,
  ready: false,
  started: false,
  state: endingOf(clock, container),
  ...('waiting' in container.state ? { lastState: {} } : {}),
});

/** A server that ends when it is asked to, as the bed's does, has exit code 0. */
const endingOf = (clock: ClusterClock, { state, lastState, containerID = '' }: ContainerStatus): ContainerState => {
  if ('terminated' in state) return state;
  if ('waiting' in state && 'terminated' in lastState) return { terminated: lastState.terminated };
  const finishedAt = clock.timestamp();
  if ('running' in state)
    return {
      terminated: {
        ...{ exitCode: 0, reason: 'Completed', containerID },
        ...{ startedAt: state.running.startedAt, finishedAt },
      },
    };
  const message = 'The container could not be located when the pod was terminated';
  const unknown = { exitCode: 137, reason: 'ContainerStatusUnknown', message, containerID };
  return { terminated: { ...unknown, startedAt: finishedAt, finishedAt } };
};

const endedWell = ({ state }: ContainerStatus): boolean => 'terminated' in state && state.terminated.exitCode === 0;
