import { resources } from '../model/resource.ts';
import type { StatefulSet } from '../model/set-objects.ts';
import type { Pod } from '../model/workload-objects.ts';
import type { ControlPlane } from './control-plane.ts';
import type { Controller } from './controller-loop.ts';
import { adoptOrphans, keyOf, ownedBy, ownerKeys, splitKey } from './ownership.ts';
import { msUntilNextAvailable } from './pod-availability.ts';
import { ordinalOf } from './stateful-pod.ts';
import { liveRevisions, truncateHistory } from './stateful-set-revisions.ts';
import { countPods, saveStatefulSetStatus } from './stateful-set-status.ts';
import { updateStatefulSet } from './stateful-set-update.ts';

/** The StatefulSet controller of Kubernetes 1.35 (pkg/controller/statefulset), without maxUnavailable, whose gate is off there. */
export const createStatefulSetController = (plane: ControlPlane): Controller => ({
  keysOf: ({ resource, object }) => {
    if (resource === resources.statefulSets) return [keyOf(object)];
    return resource === resources.pods ? ownerKeys(object, 'StatefulSet') : [];
  },
  sync: (key, again) => {
    const set = plane.registry.find(splitKey(resources.statefulSets, key)) as StatefulSet | undefined;
    if (set === undefined) return;
    adoptOrphans(plane, resources.controllerRevisions, set);
    adoptOrphans(plane, resources.pods, set, ({ metadata }) => ordinalOf(set, metadata.name) !== undefined);
    const pods = ownedBy<Pod>(plane, resources.pods, set).filter(
      ({ metadata }) => ordinalOf(set, metadata.name) !== undefined,
    );
    const wait = msUntilNextAvailable(plane.clock, pods, set.spec.minReadySeconds ?? 0);
    sync(plane, set, pods);
    if (wait !== undefined) again(wait);
  },
});

/** The status tells of the pods as the sync found them, even when a step failed. */
const sync = (plane: ControlPlane, set: StatefulSet, pods: readonly Pod[]): void => {
  const revisions = liveRevisions(plane, set);
  const counted = countPods(plane, set, pods, revisions);
  let leaving = 0;
  try {
    leaving = updateStatefulSet(plane, set, pods, revisions) === 'updating' ? 1 : 0;
  } finally {
    const currentReplicas = Math.max(0, counted.currentReplicas - leaving);
    saveStatefulSetStatus(plane, set, { ...counted, currentReplicas });
    truncateHistory(plane, set, pods, revisions);
  }
};
