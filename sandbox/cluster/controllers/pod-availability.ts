import type { ClusterClock } from '../cluster-clock.ts';
import type { Pod } from '../model/workload-objects.ts';
import { findCondition } from './conditions.ts';

export const isReady = ({ status }: Pod): boolean => findCondition(status.conditions, 'Ready')?.status === 'True';

export const isTerminating = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;

/** Whether a pod has come to its end and will not run again. */
export const isFinished = ({ status }: Pod): boolean => status.phase === 'Succeeded' || status.phase === 'Failed';

/** `IsPodAvailable`: ready, and for minReadySeconds. */
export const isAvailable = (clock: ClusterClock, pod: Pod, minReadySeconds: number): boolean =>
  isReady(pod) && msUntilAvailable(clock, pod, minReadySeconds) <= 0;

/**
 * Milliseconds until the earliest of the pods that are ready, but not for minReadySeconds yet, is available; undefined when
 * none is. To be asked before a sync looks: one that becomes available between the two would otherwise wake nobody.
 */
export const msUntilNextAvailable = (
  clock: ClusterClock,
  pods: readonly Pod[],
  minReadySeconds: number,
): number | undefined => {
  const waits = pods
    .filter(isReady)
    .map((pod) => msUntilAvailable(clock, pod, minReadySeconds))
    .filter((ms) => ms > 0);
  return waits.length === 0 ? undefined : Math.min(...waits);
};

const msUntilAvailable = (clock: ClusterClock, { status }: Pod, minReadySeconds: number): number => {
  if (minReadySeconds === 0) return 0;
  const since = Date.parse(findCondition(status.conditions, 'Ready')?.lastTransitionTime ?? '');
  return since + minReadySeconds * 1000 - clock.now();
};
