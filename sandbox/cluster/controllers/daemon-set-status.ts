import { isSameJson } from '../model/json-equality.ts';
import type { Node } from '../model/node-fit.ts';
import { resources } from '../model/resource.ts';
import type { DaemonSet, DaemonSetStatus } from '../model/set-objects.ts';
import type { Pod } from '../model/workload-objects.ts';
import { targetOf } from '../registry/registry.ts';
import { type ControlPlane, controllerManager } from './control-plane.ts';
import { isUpdated, nodeOf, placementOn } from './daemon-pod.ts';
import { oldestFirst } from './daemon-set-placement.ts';
import { isAvailable, isReady } from './pod-availability.ts';

/** `updateDaemonSetStatus`: of each node counts only the oldest pod, one that is about to end as well. */
export const saveDaemonSetStatus = (
  plane: ControlPlane,
  set: DaemonSet,
  nodes: readonly Node[],
  pods: readonly Pod[],
  hash: string,
): void => {
  const places = nodes.map((node) => {
    const [pod] = oldestFirst(pods.filter((each) => nodeOf(each) === node.metadata.name));
    return { wanted: placementOn(node, set).shouldRun, pod };
  });
  const wanted = places.filter(({ wanted }) => wanted);
  const scheduled = wanted.flatMap(({ pod }) => (pod === undefined ? [] : [pod]));
  const available = scheduled.filter((pod) => isAvailable(plane.clock, pod, set.spec.minReadySeconds ?? 0)).length;
  const sometimes = {
    observedGeneration: set.metadata.generation ?? 0,
    updatedNumberScheduled: scheduled.filter((pod) => isUpdated(pod, set, hash)).length,
    numberAvailable: available,
    numberUnavailable: wanted.length - available,
  };
  const { collisionCount } = set.status;
  const status: DaemonSetStatus = {
    currentNumberScheduled: scheduled.length,
    numberMisscheduled: places.filter(({ wanted, pod }) => !wanted && pod !== undefined).length,
    desiredNumberScheduled: wanted.length,
    numberReady: scheduled.filter(isReady).length,
    ...Object.fromEntries(Object.entries(sometimes).filter(([, count]) => count !== 0)),
    ...(collisionCount === undefined ? {} : { collisionCount }),
  };
  if (isSameJson(status, set.status)) return;
  plane.registry.update(targetOf(resources.daemonSets, set), (current) => ({ ...current, status }), {
    ...controllerManager,
    subresource: 'status',
  });
};
