import type { KubeObject } from '../model/kubernetes-objects.ts';
import type { Resource } from '../model/resource.ts';
import { matchesSelector } from '../model/selectors.ts';
import type { Deployment, ReplicaSet } from '../model/workload-objects.ts';
import type { Target } from '../registry/registry.ts';
import { targetOf } from '../registry/registry.ts';
import { type ControlPlane, controllerManager } from './control-plane.ts';

export const keyOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

export const splitKey = (resource: Resource, key: string): Target => {
  const [namespace = '', name = ''] = key.split('/');
  return { resource, namespace, name };
};

/** The key of an object's controller, when that is of the given kind. */
export const ownerKeys = ({ metadata }: KubeObject, kind: string): readonly string[] =>
  (metadata.ownerReferences ?? [])
    .filter((owner) => owner.controller && owner.kind === kind)
    .map((owner) => `${metadata.namespace ?? ''}/${owner.name}`);

/** The objects of a resource that an owner controls. */
export const ownedBy = <T extends KubeObject>(
  plane: ControlPlane,
  resource: Resource,
  owner: KubeObject,
): readonly T[] =>
  plane.registry
    .list(resource, owner.metadata.namespace ?? '')
    .filter(({ metadata }) =>
      metadata.ownerReferences?.some(({ uid, controller }) => controller && uid === owner.metadata.uid),
    ) as unknown as readonly T[];

/** Takes over what has no controller and matches the owner's selector, as `ControllerRefManager` does. */
export const adoptOrphans = (plane: ControlPlane, resource: Resource, owner: Deployment | ReplicaSet): void => {
  const { apiVersion, kind, metadata, spec } = owner;
  if (metadata.deletionTimestamp !== undefined) return;
  const reference = {
    apiVersion,
    kind,
    name: metadata.name,
    uid: metadata.uid,
    controller: true,
    blockOwnerDeletion: true,
  };
  for (const orphan of plane.registry.list(resource, metadata.namespace ?? '')) {
    const { labels, ownerReferences = [], deletionTimestamp } = orphan.metadata;
    if (deletionTimestamp !== undefined || ownerReferences.some(({ controller }) => controller)) continue;
    if (!matchesSelector(spec.selector, labels)) continue;
    plane.registry.update(
      targetOf(resource, orphan),
      (current) => ({
        ...current,
        metadata: { ...current.metadata, ownerReferences: [...ownerReferences, reference] },
      }),
      controllerManager,
    );
  }
};
