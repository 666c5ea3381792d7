import type { Node } from '../model/node-fit.ts';
import type { DaemonSet } from '../model/set-objects.ts';
import type { Pod } from '../model/workload-objects.ts';
import type { ControlPlane } from './control-plane.ts';
import { revisionLabel } from './controller-revisions.ts';
import { nodeOf, placementOn } from './daemon-pod.ts';
import { type DaemonStep, surgeCount } from './daemon-set-update.ts';
import { isAvailable, isFinished, isReady, isTerminating } from './pod-availability.ts';

/** `manage`: a pod for every node that is to have one and has none; none too many, and none where none is to be. */
export const placePods = (
  plane: ControlPlane,
  set: DaemonSet,
  nodes: readonly Node[],
  pods: readonly Pod[],
  hash: string,
): DaemonStep => {
  const steps = nodes.map((node) => {
    const here = oldestFirst(pods.filter((pod) => nodeOf(pod) === node.metadata.name));
    return placeOn(plane, set, node, here, hash);
  });
  const known = new Set(nodes.map(({ metadata }) => metadata.name));
  const stranded = pods.filter((pod) => pod.spec.nodeName === undefined && !known.has(nodeOf(pod) ?? ''));
  return {
    remove: [...steps.flatMap(({ remove }) => remove), ...stranded],
    create: steps.flatMap(({ create }) => create),
  };
};

/** Pods on a node before those on their way there, then by age, then by name. */
export const oldestFirst = (pods: readonly Pod[]): readonly Pod[] => {
  const rank = ({ spec }: Pod) => (spec.nodeName === undefined ? 1 : 0);
  return pods.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp) ||
      (a.metadata.name < b.metadata.name ? -1 : 1),
  );
};

/** `podsShouldBeOnNode`; a node whose only pod is about to end gets the next one when that is gone, or with maxSurge at once. */
const placeOn = (plane: ControlPlane, set: DaemonSet, node: Node, here: readonly Pod[], hash: string): DaemonStep => {
  const { shouldRun, mayStay } = placementOn(node, set);
  const staying = here.filter((pod) => !isTerminating(pod));
  if (shouldRun && here.length === 0) return { remove: [], create: [node.metadata.name] };
  if (!mayStay) return { remove: staying, create: [] };
  const ended = staying.filter(isFinished);
  const running = staying.filter((pod) => !isFinished(pod));
  if (surgeCount(set, 1) === 0) return { remove: [...ended, ...running.slice(1)], create: [] };
  const missing = running.length === 0 && shouldRun;
  return { remove: [...ended, ...beyondTwo(plane, set, running, hash)], create: missing ? [node.metadata.name] : [] };
};

/** With maxSurge two may be there, the oldest of each kind, while the old one is ready and the new one is not available. */
const beyondTwo = (plane: ControlPlane, set: DaemonSet, running: readonly Pod[], hash: string): readonly Pod[] => {
  if (running.length <= 1) return [];
  const isNew = ({ metadata }: Pod) => metadata.labels?.[revisionLabel] === hash;
  const [fresh, old] = [running.find(isNew), running.find((pod) => !isNew(pod))];
  const surplus = running.filter((pod) => pod !== fresh && pod !== old);
  if (fresh === undefined || old === undefined) return surplus;
  const relieved = !isReady(old) || isAvailable(plane.clock, fresh, set.spec.minReadySeconds ?? 0);
  return relieved ? [...surplus, old] : surplus;
};
