import { ApiError } from '../model/api-error.ts';
import { resources } from '../model/resource.ts';
import type { ControllerRevision, StatefulSet } from '../model/set-objects.ts';
import type { Pod } from '../model/workload-objects.ts';
import { targetOf } from '../registry/registry.ts';
import { type ControlPlane, controllerManager } from './control-plane.ts';
import { revisionLabel, templateOf } from './controller-revisions.ts';
import { controllerReference } from './ownership.ts';
import { createClaims, volumesFor } from './volume-claims.ts';

/** The number at the end of a StatefulSet's pod's name; undefined where the name is not of that set's pods. */
export const ordinalOf = (set: StatefulSet, name: string): number | undefined => {
  const [, parent, digits] = /^(.*)-([0-9]+)$/.exec(name) ?? [];
  return parent === set.metadata.name ? Number(digits) : undefined;
};

/** Creates the pod with an ordinal from a revision: same name and host name as ever, whatever the revision. */
export const createStatefulPod = (
  plane: ControlPlane,
  set: StatefulSet,
  ordinal: number,
  revision: ControllerRevision,
): void => {
  const name = `${set.metadata.name}-${ordinal}`;
  const { metadata: { labels, annotations } = {}, spec } = templateOf(revision);
  const draft = {
    metadata: {
      name,
      generateName: `${set.metadata.name}-`,
      labels: {
        ...labels,
        'apps.kubernetes.io/pod-index': String(ordinal),
        [revisionLabel]: revision.metadata.name,
        'statefulset.kubernetes.io/pod-name': name,
      },
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [controllerReference(set)],
    },
    spec: {
      ...spec,
      ...volumesFor(set, ordinal, spec),
      hostname: name,
      ...(set.spec.serviceName === undefined ? {} : { subdomain: set.spec.serviceName }),
    },
  };
  recorded(plane, set, 'Create', name, () => {
    createClaims(plane, set, ordinal);
    plane.registry.create(resources.pods, set.metadata.namespace ?? '', draft, controllerManager);
  });
};

/** Deletes a pod, with its grace period. */
export const deleteStatefulPod = (plane: ControlPlane, set: StatefulSet, pod: Pod): void => {
  recorded(plane, set, 'Delete', pod.metadata.name, () => plane.remove(targetOf(resources.pods, pod)));
};

/** Records what came of an action on a pod, as an event of its set (`recordPodEvent`); a name that is taken is none. */
const recorded = (
  plane: ControlPlane,
  set: StatefulSet,
  verb: 'Create' | 'Delete',
  name: string,
  act: () => unknown,
): void => {
  const text = `${verb} Pod ${name} in StatefulSet ${set.metadata.name}`;
  const record = (type: 'Normal' | 'Warning', reason: string, message: string) =>
    plane.recordEvent('statefulset-controller', set, { type, reason, message });
  try {
    act();
  } catch (error) {
    if (error instanceof ApiError && error.reason !== 'AlreadyExists')
      record('Warning', `Failed${verb}`, `${text} failed error: ${error.message}`);
    throw error;
  }
  record('Normal', `Successful${verb}`, `${text} successful`);
};
