import type { Pod } from '../rollout/objects.ts';
import type { Cause } from './cause.ts';
import { containersOf, crashesOf, isOutOfMemory, lastEnding } from './containers.ts';
import { describeCrash } from './describe.ts';

/**
 * Why pods that were well at a time, in milliseconds since the epoch, are not trusted any more: containers of more than a
 * share of them ended since, whether or not they run again. Undefined where none did.
 */
export function crashedSince(pods: readonly Pod[], since: number, maxFailureRatio: number): Cause | undefined {
  const crashed = pods.flatMap((pod) => {
    const container = containersOf(pod).find(
      (each) => crashesOf(each) > 0 && Date.parse(lastEnding(each)?.finishedAt ?? '') > since,
    );
    return container ? [{ pod, container }] : [];
  });
  const [first] = crashed;
  if (!first || crashed.length / pods.length <= maxFailureRatio) return undefined;
  return {
    code: isOutOfMemory(lastEnding(first.container)) ? 'out-of-memory' : 'container-crashed',
    message: describeCrash(first.container, ''),
    pods: crashed.map(({ pod }) => pod.metadata.name),
    container: first.container.name,
    suspectNode: '',
  };
}
