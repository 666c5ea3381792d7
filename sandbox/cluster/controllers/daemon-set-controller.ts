import type { KubeObject } from '../model/kubernetes-objects.ts';
import type { Node } from '../model/node-fit.ts';
import { resources } from '../model/resource.ts';
import type { DaemonSet } from '../model/set-objects.ts';
import type { Pod } from '../model/workload-objects.ts';
import type { ControlPlane } from './control-plane.ts';
import type { Controller } from './controller-loop.ts';
import { createDaemonPod, deleteDaemonPod } from './daemon-pod.ts';
import { placePods } from './daemon-set-placement.ts';
import { cleanupHistory, constructHistory, hashOf } from './daemon-set-revisions.ts';
import { saveDaemonSetStatus } from './daemon-set-status.ts';
import { type DaemonStep, rollingUpdate } from './daemon-set-update.ts';
import { adoptOrphans, keyOf, ownedBy, ownerKeys, splitKey } from './ownership.ts';
import { msUntilNextAvailable } from './pod-availability.ts';

/** The DaemonSet controller of Kubernetes 1.35 (pkg/controller/daemon), without its back-off for pods that a node refuses. */
export const createDaemonSetController = (plane: ControlPlane): Controller => ({
  keysOf: ({ resource, object }) => {
    if (resource === resources.daemonSets) return [keyOf(object)];
    if (resource === resources.nodes) return plane.registry.list(resources.daemonSets, '').map(keyOf);
    return resource === resources.pods || resource === resources.controllerRevisions
      ? ownerKeys(object, 'DaemonSet')
      : [];
  },
  sync: (key, again) => {
    const set = plane.registry.find(splitKey(resources.daemonSets, key)) as DaemonSet | undefined;
    // What a set that is being deleted still owns is not known, so its status is left as it is.
    if (set === undefined || set.metadata.deletionTimestamp !== undefined) return;
    adoptOrphans(plane, resources.controllerRevisions, set);
    adoptOrphans(plane, resources.pods, set);
    const wait = msUntilNextAvailable(plane.clock, podsOf(plane, set), set.spec.minReadySeconds ?? 0);
    sync(plane, set);
    if (wait !== undefined) again(wait);
  },
});

const podsOf = (plane: ControlPlane, set: KubeObject) => ownedBy<Pod>(plane, resources.pods, set);

/** Places pods first; only when nothing had to be placed does the update go on, so that one knows what the other did. */
const sync = (plane: ControlPlane, set: DaemonSet): void => {
  const nodes = plane.registry.list(resources.nodes, '') as unknown as readonly Node[];
  const history = constructHistory(plane, set);
  const hash = hashOf(history.current);
  try {
    const placing = placePods(plane, set, nodes, podsOf(plane, set), hash);
    if (!carryOut(plane, set, placing, hash) && set.spec.updateStrategy.type === 'RollingUpdate')
      carryOut(plane, set, rollingUpdate(plane, set, nodes, podsOf(plane, set), hash), hash);
    cleanupHistory(plane, set, podsOf(plane, set), history);
  } finally {
    saveDaemonSetStatus(plane, set, nodes, podsOf(plane, set), hash);
  }
};

/** Makes and deletes the pods of a step; whether there were any. */
const carryOut = (plane: ControlPlane, set: DaemonSet, { create, remove }: DaemonStep, hash: string): boolean => {
  for (const node of create) createDaemonPod(plane, set, node, hash);
  for (const pod of remove) deleteDaemonPod(plane, set, pod);
  return create.length + remove.length > 0;
};
