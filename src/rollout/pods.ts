import { isControllerRevision } from './controller-revision.ts';
import { CONTROLLER_REVISION_HASH, POD_TEMPLATE_HASH } from './marks.ts';
import type { ContainerStatus, Deployment, Pod, ReplicaSet, SelectorRequirement } from './objects.ts';

/** The label selector of a revision's own pods; undefined before the controller has labelled it. */
export function podSelector(ofWorkload: string, revision: ReplicaSet): string | undefined {
  const label = isControllerRevision(revision) ? CONTROLLER_REVISION_HASH : POD_TEMPLATE_HASH;
  const hash = revision.metadata.labels?.[label];
  return hash && `${ofWorkload},${label}=${hash}`;
}

/** A Deployment's selector in the API's query form. */
export function labelSelector({ spec: { selector } }: Deployment): string {
  const labels = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  return [...labels, ...(selector.matchExpressions ?? []).map(requirement)].join(',');
}

function requirement({ key, operator, values = [] }: SelectorRequirement): string {
  switch (operator) {
    case 'In':
      return `${key} in (${values.join(',')})`;
    case 'NotIn':
      return `${key} notin (${values.join(',')})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
  }
}

/** Image IDs that run, by container, each once. */
export function runningImageIDs(pods: readonly Pod[]): Readonly<Record<string, readonly string[]>> {
  const seen = new Map<string, Set<string>>();
  for (const { name, imageID, state } of pods.flatMap((pod) => pod.status?.containerStatuses ?? []))
    if (imageID && state?.running) seen.set(name, (seen.get(name) ?? new Set()).add(imageID));
  return Object.fromEntries([...seen].map(([name, ids]) => [name, [...ids].sort()]));
}

/**
 * One line for each pod that is not ready and not leaving: what it waits for, in the cluster's words. One that has ended is
 * among them where it is blamed.
 */
export function podStates(pods: readonly Pod[], blamed: readonly string[] = []): readonly string[] {
  return pods
    .filter((pod) => !pod.metadata.deletionTimestamp && !isReady(pod))
    .filter((pod) => !isFinished(pod) || blamed.includes(pod.metadata.name))
    .map((pod) => `${pod.metadata.name}: ${stateOf(pod)}`);
}

/** How many of the pods are ready and stay, as controllers count them. */
export function countReady(pods: readonly Pod[]): number {
  return pods.filter((pod) => isReady(pod) && !pod.metadata.deletionTimestamp).length;
}

/** How many pods of a workload are ready beside a revision's own; undefined where nobody saw them all. */
export function countReadyBeside(
  { metadata: { uid } }: Deployment,
  all: readonly Pod[] | undefined,
  own: readonly Pod[] = [],
): number | undefined {
  const isOwned = ({ metadata }: Pod) => metadata.ownerReferences?.some((owner) => owner.uid === uid);
  return all && countReady(all.filter((pod) => isOwned(pod) && !own.includes(pod)));
}

/**
 * How many pods of a revision are available. One that counts none itself has at least those that are certainly so, and as
 * many of the workload's as `pods`, which are its own, show to be ready.
 */
export function availablePods({ status }: Deployment, carrier: ReplicaSet | undefined, pods: readonly Pod[]): number {
  const certain = carrier?.status?.availableReplicas ?? 0;
  if (!carrier || !isControllerRevision(carrier)) return certain;
  return Math.max(certain, Math.min(countReady(pods), status?.availableReplicas ?? 0));
}

/**
 * Whether a pod has ended for good. One that its node evicted or shut down stays in the list, as Succeeded where its
 * containers exited with 0 (kubernetes/kubernetes, pkg/kubelet/status/status_manager.go); another one takes its place.
 */
export function isFinished({ status }: Pod): boolean {
  return status?.phase === 'Failed' || status?.phase === 'Succeeded';
}

export function isReady(pod: Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

function stateOf({ status = {} }: Pod): string {
  const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const troubled = containers.map(containerState).filter((text) => text !== undefined);
  const unscheduled = status.conditions?.find(
    (condition) => condition.type === 'PodScheduled' && condition.status === 'False',
  );
  if (unscheduled) return `${unscheduled.reason ?? 'not scheduled'}: ${unscheduled.message ?? ''}`;
  return troubled.length > 0 ? troubled.join('; ') : `${status.phase ?? 'Unknown'}, not ready`;
}

function containerState({ name, state = {}, restartCount = 0 }: ContainerStatus): string | undefined {
  const restarts = restartCount > 0 ? `, ${restartCount} restart${restartCount === 1 ? '' : 's'}` : '';
  const { waiting, terminated } = state;
  if (waiting) return `container ${name} ${waiting.reason ?? 'waiting'}${restarts}${detail(waiting.message)}`;
  if (!terminated || terminated.exitCode === 0) return restarts ? `container ${name} running${restarts}` : undefined;
  const { reason = 'terminated', exitCode, message } = terminated;
  return `container ${name} ${reason}, exit code ${exitCode}${restarts}${detail(message)}`;
}

function detail(message: string | undefined): string {
  return message ? `: ${message}` : '';
}
