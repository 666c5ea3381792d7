import type { ContainerStatus, Pod } from './objects.ts';
import { isFinished, isReady } from './pods.ts';

/** What a verdict blames; as far as it is known. */
export interface Blamed {
  readonly pods: readonly string[];
  readonly container: string;
}

/**
 * The pods that a verdict names, in its order, then those that are not ready, not leaving and not over; all that stay where
 * that is none: then it is what they answer that fails.
 */
export function failingPods(pods: readonly Pod[], blamed: Blamed | undefined): readonly Pod[] {
  const names = blamed?.pods ?? [];
  const named = names.flatMap((name) => pods.find(({ metadata }) => metadata.name === name) ?? []);
  const staying = pods.filter((pod) => !named.includes(pod) && !pod.metadata.deletionTimestamp && !isFinished(pod));
  const failing = [...named, ...staying.filter((pod) => !isReady(pod))];
  return failing.length > 0 ? failing : staying;
}

/** Which logs of a failing pod there are: of the container that is blamed, else of those that are not well, else of all. */
export function logsToRead(
  { metadata, status = {} }: Pod,
  blamed: Blamed | undefined,
): readonly { readonly pod: string; readonly container: string; readonly previous: boolean }[] {
  const { initContainerStatuses = [], containerStatuses = [] } = status;
  const containers = [...initContainerStatuses, ...containerStatuses];
  const choices = [containers.filter(({ name }) => name === blamed?.container), containers.filter(isUnwell)];
  return (choices.find((each) => each.length > 0) ?? containerStatuses).flatMap((container) =>
    livesOf(container).map((previous) => ({ pod: metadata.name, container: container.name, previous })),
  );
}

function isUnwell({ ready = false, restartCount = 0 }: ContainerStatus): boolean {
  return !ready || restartCount > 0;
}

/** Which lives left a log, the previous one first: `true`. Who waits for the next life has only that of the one before. */
function livesOf({ state = {}, lastState = {} }: ContainerStatus): readonly boolean[] {
  const lives = [lastState.terminated && true, (state.running ?? state.terminated) && false];
  return lives.filter((life) => life !== undefined);
}
