import type { ControllerRevision, StatefulSet } from '../model/set-objects.ts';
import type { Pod } from '../model/workload-objects.ts';
import type { ControlPlane } from './control-plane.ts';
import { isAvailable, isFinished, isReady, isTerminating } from './pod-availability.ts';
import { createStatefulPod, deleteStatefulPod, ordinalOf } from './stateful-pod.ts';
import { type LiveRevisions, revisionNameOf } from './stateful-set-revisions.ts';

/** The place of one ordinal: the pod that has it, or the revision one is to be made of. */
interface Place {
  readonly ordinal: number;
  readonly pod: Pod | undefined;
  readonly revision: ControllerRevision;
}

/** What one sync did: `updating` when it took a pod away to replace it by one of the update revision. */
export type Step = 'updating' | 'other';

/**
 * `updateStatefulSet`: takes the next step towards as many pods as asked for, each of the revision it shall be of.
 * By OrderedReady one step waits for the other, and no pod is replaced while any is not available; so a pod that cannot
 * become ready stays, even when the template is a good one again (kubernetes/kubernetes#67250).
 */
export const updateStatefulSet = (
  plane: ControlPlane,
  set: StatefulSet,
  pods: readonly Pod[],
  revisions: LiveRevisions,
): Step => {
  if (set.metadata.deletionTimestamp !== undefined) return 'other';
  const ordered = set.spec.podManagementPolicy === 'OrderedReady';
  const places = placesOf(set, pods, revisions);
  const condemned = condemnedOf(set, pods);
  for (const place of places) if (fill(plane, set, place, ordered) && ordered) return 'other';
  for (const pod of condemned) if (condemn(plane, set, pod, condemned, ordered) && ordered) return 'other';
  return set.spec.updateStrategy.type === 'OnDelete' ? 'other' : replaceNext(plane, set, places, revisions);
};

const firstOrdinal = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0;

const placesOf = (set: StatefulSet, pods: readonly Pod[], { current, update }: LiveRevisions): readonly Place[] => {
  const first = firstOrdinal(set);
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, pod.metadata.name), pod]));
  return Array.from({ length: set.spec.replicas }, (_, index) => {
    const ordinal = first + index;
    return { ordinal, pod: byOrdinal.get(ordinal), revision: index < keptBack(set) ? current : update };
  });
};

/** `newVersionedStatefulSetPod`: how many of the lowest ordinals are (re)made of the current revision. */
const keptBack = ({ spec, status }: StatefulSet): number => {
  if (spec.updateStrategy.rollingUpdate !== undefined) return spec.updateStrategy.rollingUpdate.partition ?? 0;
  return spec.updateStrategy.type === 'RollingUpdate' ? (status.currentReplicas ?? 0) : 0;
};

/** Pods whose ordinal is beyond what is asked for, the highest first. */
const condemnedOf = (set: StatefulSet, pods: readonly Pod[]): readonly Pod[] => {
  const ordinal = (pod: Pod) => ordinalOf(set, pod.metadata.name) ?? 0;
  const first = firstOrdinal(set);
  return pods
    .filter((pod) => ordinal(pod) < first || ordinal(pod) >= first + set.spec.replicas)
    .toSorted((a, b) => ordinal(b) - ordinal(a));
};

/** `processReplica`: whether this ordinal has to be waited for; creates its pod, or clears away one that has ended. */
const fill = (plane: ControlPlane, set: StatefulSet, { ordinal, pod, revision }: Place, ordered: boolean): boolean => {
  if (pod === undefined) {
    createStatefulPod(plane, set, ordinal, revision);
    return true;
  }
  if (isFinished(pod)) {
    if (!isTerminating(pod)) deleteStatefulPod(plane, set, pod);
    return true;
  }
  return ordered && !isServing(plane, set, pod);
};

/** `processCondemned`: deletes a pod too many; by OrderedReady not while it, or another, is unwell for no reason of its own. */
const condemn = (
  plane: ControlPlane,
  set: StatefulSet,
  pod: Pod,
  condemned: readonly Pod[],
  ordered: boolean,
): boolean => {
  if (isTerminating(pod)) return true;
  const firstUnwell = condemned.findLast((other) => !isServing(plane, set, other));
  if (ordered && !isServing(plane, set, pod) && pod !== firstUnwell) return true;
  deleteStatefulPod(plane, set, pod);
  return true;
};

/** Deletes the pod with the highest ordinal that is not of the update revision, unless one above it is not available yet. */
const replaceNext = (
  plane: ControlPlane,
  set: StatefulSet,
  places: readonly Place[],
  { update }: LiveRevisions,
): Step => {
  const from = set.spec.updateStrategy.rollingUpdate?.partition ?? 0;
  for (const { pod } of places.slice(from).toReversed()) {
    if (pod === undefined) return 'other';
    if (revisionNameOf(pod) !== update.metadata.name && !isTerminating(pod)) {
      deleteStatefulPod(plane, set, pod);
      return 'updating';
    }
    if (!isServing(plane, set, pod)) return 'other';
  }
  return 'other';
};

/** Running, ready, available and to stay. */
const isServing = ({ clock }: ControlPlane, { spec }: StatefulSet, pod: Pod): boolean =>
  !isTerminating(pod) &&
  pod.status.phase === 'Running' &&
  isReady(pod) &&
  isAvailable(clock, pod, spec.minReadySeconds ?? 0);
