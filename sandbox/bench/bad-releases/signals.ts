import type { ContainerStatus, Pod } from '../../cluster/model/workload-objects.ts';

/** Whether pods show something. */
type Sign = (pods: readonly Pick<Pod, 'status'>[]) => boolean;

/** A container of one pod has ended so many times. */
export function endedTimes(times: number): Sign {
  return (pods) => pods.some((pod) => Math.max(0, ...statusesOf(pod).map(endings)) >= times);
}

/** The registry has answered that it does not have an image. */
export const imageNotFound: Sign = (pods) =>
  pods.some((pod) =>
    statusesOf(pod).some(({ state }) => 'waiting' in state && /not found/.test(state.waiting.message ?? '')),
  );

function statusesOf({
  status: { initContainerStatuses = [], containerStatuses = [] },
}: Pick<Pod, 'status'>): readonly ContainerStatus[] {
  return [...initContainerStatuses, ...containerStatuses];
}

/** Restarts count the endings before the present life; one that waits for its next life has ended once more. */
function endings({ restartCount, state, lastState }: ContainerStatus): number {
  const hasEnded = 'terminated' in state || ('waiting' in state && 'terminated' in lastState);
  return restartCount + (hasEnded ? 1 : 0);
}
