import type { KubeObject, LabelSelector, OwnerReference } from '../model/kubernetes-objects.ts';
import type { Resource } from '../model/resource.ts';
import { matchesSelector } from '../model/selectors.ts';
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

/** An object that selects others by their labels. */
export interface Selecting extends KubeObject {
  readonly spec: { readonly selector: LabelSelector };
}

/** The reference by which an object says that another one controls it. */
export const controllerReference = ({ apiVersion, kind, metadata: { name, uid } }: KubeObject): OwnerReference => ({
  ...{ apiVersion, kind, name, uid },
  controller: true,
  blockOwnerDeletion: true,
});

/** Takes over what has no controller and matches the owner's selector, as `ControllerRefManager` does. */
export const adoptOrphans = (
  plane: ControlPlane,
  resource: Resource,
  owner: Selecting,
  fits: (orphan: KubeObject) => boolean = () => true,
): void => {
  const { metadata, spec } = owner;
  if (metadata.deletionTimestamp !== undefined) return;
  const reference = controllerReference(owner);
  for (const orphan of plane.registry.list(resource, metadata.namespace ?? '')) {
    const { labels, ownerReferences = [], deletionTimestamp } = orphan.metadata;
    if (deletionTimestamp !== undefined || ownerReferences.some(({ controller }) => controller)) continue;
    if (!matchesSelector(spec.selector, labels) || !fits(orphan)) continue;
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
