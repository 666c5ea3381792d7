import { resources } from '../model/resource.ts';
import type { StatefulSet } from '../model/set-objects.ts';
import type { PodSpec } from '../model/workload-objects.ts';
import { type ControlPlane, controllerManager } from './control-plane.ts';

/** A pod's volumes with those of its own claims, which stand in for volumes of the same name (`updateStorage`). */
export const volumesFor = (set: StatefulSet, ordinal: number, { volumes = [] }: PodSpec): object => {
  const claimed = (set.spec.volumeClaimTemplates ?? []).map(({ metadata: { name } }) => ({
    name,
    persistentVolumeClaim: { claimName: claimName(set, name, ordinal) },
  }));
  if (claimed.length === 0) return {};
  return { volumes: [...claimed, ...volumes.filter(({ name }) => claimed.every((claim) => claim.name !== name))] };
};

/** Creates the claims of an ordinal that are not there yet. Nothing binds them here, no pod waits for them, and they are kept. */
export const createClaims = (plane: ControlPlane, set: StatefulSet, ordinal: number): void => {
  const { namespace = '' } = set.metadata;
  for (const { metadata, spec } of set.spec.volumeClaimTemplates ?? []) {
    const name = claimName(set, metadata.name, ordinal);
    if (plane.registry.find({ resource: resources.volumeClaims, namespace, name }) !== undefined) continue;
    const labels = { ...metadata.labels, ...set.spec.selector.matchLabels };
    const { annotations = {} } = metadata;
    plane.registry.create(
      resources.volumeClaims,
      namespace,
      { metadata: { name, labels, annotations }, spec },
      controllerManager,
    );
  }
};

const claimName = (set: StatefulSet, template: string, ordinal: number): string =>
  `${template}-${set.metadata.name}-${ordinal}`;
