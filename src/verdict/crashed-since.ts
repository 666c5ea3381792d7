import type { Pod } from '../rollout/objects.ts';
import { isActive } from './active-pod.ts';
import type { Cause } from './cause.ts';
import { containersOf, crashesOf, isDown, isOutOfMemory, lastEnding, type PodContainer } from './containers.ts';
import { describeCrash } from './describe.ts';

/** When pods were well. */
export interface WellThen {
  /** Milliseconds since the epoch, by our own clock. */
  readonly since: number;
  /** How often each of them had crashed by then; undefined where nobody noted it. */
  readonly crashes?: Readonly<Record<string, number>> | undefined;
}

/** As a pod may that starts (`RULES`): one that came since is no worse for it. */
const MOST_WHILE_STARTING = 2;

/** Of more pods nothing is noted: a ledger has limits. */
const MOST_PODS = 200;

/** How often each of the pods has crashed, by uid; undefined where they are too many to be noted. */
export function crashCounts(pods: readonly Pod[]): Readonly<Record<string, number>> | undefined {
  return pods.length > MOST_PODS
    ? undefined
    : Object.fromEntries(pods.map((pod) => [pod.metadata.uid, crashesOfPod(pod)]));
}

/**
 * Why pods that were well once are not trusted any more: containers of more than a share of them ended since, whether or
 * not they run again. Undefined where none did. What ends since its pod leaves has not crashed. Nodes have clocks of their
 * own, so a time counts only for a pod of which no count was noted; where counts of others were, it came since, and may
 * crash as any that starts.
 */
export function crashedSince(pods: readonly Pod[], then: WellThen, maxFailureRatio: number): Cause | undefined {
  const staying = pods.filter(isActive);
  const crashed = staying.flatMap((pod) => {
    const container = lastCrashed(pod);
    return container && hasCrashed(pod, container, then) ? [{ pod, container }] : [];
  });
  const [first] = crashed;
  if (!first || crashed.length / staying.length <= maxFailureRatio) return undefined;
  return {
    code: isOutOfMemory(lastEnding(first.container)) ? 'out-of-memory' : 'container-crashed',
    message: describeCrash(first.container, ''),
    pods: crashed.map(({ pod }) => pod.metadata.name),
    container: first.container.name,
    suspectNode: '',
  };
}

function hasCrashed(pod: Pod, last: PodContainer, { since, crashes }: WellThen): boolean {
  const noted = crashes?.[pod.metadata.uid];
  if (noted !== undefined) return crashesOfPod(pod) > noted;
  const tolerated = crashes === undefined ? 0 : MOST_WHILE_STARTING;
  return endedAt(last) > since && containersOf(pod).some((container) => crashesOf(container) > tolerated);
}

function lastCrashed(pod: Pod): PodContainer | undefined {
  const crashed = containersOf(pod).filter((container) => crashesOf(container) > 0);
  return crashed.sort((a, b) => endedAt(b) - endedAt(a))[0];
}

/** 0 where nobody says when. */
function endedAt(container: PodContainer): number {
  return Date.parse(lastEnding(container)?.finishedAt ?? '') || 0;
}

function crashesOfPod(pod: Pod): number {
  return containersOf(pod).reduce((sum, container) => sum + toldCrashes(container), 0);
}

/** One restart of which nobody tells how it came is its runtime's, which lost it: the kubelet shows how it crashed. */
function toldCrashes(container: PodContainer): number {
  const isUntold = lastEnding(container) === undefined && !isDown(container);
  return Math.max(0, crashesOf(container) - (isUntold ? 1 : 0));
}
