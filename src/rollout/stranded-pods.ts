import type { Condition, Pod } from './objects.ts';

/** A pod about which its node does nothing any more, and how that shows. */
export interface Stranded {
  readonly pod: Pod;
  readonly node: string;
  /**
   * `marked`: it was well when the node lifecycle controller declared the node dead. `untaken`: it is bound to the node,
   * whose kubelet has said nothing of it. `overdue`: it should have left and has not, which a dead node causes, or one
   * that does not get rid of it.
   */
  readonly sign: 'marked' | 'untaken' | 'overdue';
  /** Milliseconds for which it is overdue or was not taken; 0 where neither is known. */
  readonly forMs: number;
}

/** Reads from a pod alone, since nodes may not be read, whether it is stranded on its node. `now` is in milliseconds since the epoch. */
export function strandedPod(pod: Pod, now: number): Stranded | undefined {
  const node = pod.spec?.nodeName;
  if (!node) return undefined;
  const overdueMs = since(pod.metadata.deletionTimestamp, now);
  const untakenMs = isUntaken(pod) ? since(conditionOf(pod, 'PodScheduled')?.lastTransitionTime, now) : 0;
  if (isMarked(pod)) return { pod, node, sign: 'marked', forMs: overdueMs };
  if (untakenMs >= LAG_MS) return { pod, node, sign: 'untaken', forMs: untakenMs };
  return overdueMs >= LAG_MS ? { pod, node, sign: 'overdue', forMs: overdueMs } : undefined;
}

/** A kubelet needs a moment to report, and clocks differ. */
const LAG_MS = 30_000;

/**
 * Whether the pod was well when its node was declared dead. The node lifecycle controller then sets Ready to False and
 * leaves all else as the kubelet last said it (kubernetes/kubernetes, pkg/controller/util/node, MarkPodsNotReady); a
 * kubelet that says False gives its reason (pkg/kubelet/status/generate.go).
 */
export function isMarked(pod: Pod): boolean {
  const { containerStatuses = [] } = pod.status ?? {};
  const ready = conditionOf(pod, 'Ready');
  const isWell = containerStatuses.every(({ ready, state }) => ready === true && state?.running !== undefined);
  return ready?.status === 'False' && !ready.reason && containerStatuses.length > 0 && isWell;
}

/** Whether no kubelet has said anything of it: the first thing it sets is when it took the pod. */
function isUntaken(pod: Pod): boolean {
  const { startTime, containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const isScheduled = conditionOf(pod, 'PodScheduled')?.status === 'True';
  return isScheduled && !startTime && containerStatuses.length + initContainerStatuses.length === 0;
}

function conditionOf({ status }: Pod, type: string): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** Milliseconds since a time of the API server; 0 before it, and without one. */
function since(time: string | undefined, now: number): number {
  return time === undefined ? 0 : Math.max(0, now - Date.parse(time));
}
