import type { KubeObject } from '../model/kubernetes-objects.ts';
import type { Resource } from '../model/resource.ts';
import type { Target } from '../registry/registry.ts';
import type { ControlPlane } from './control-plane.ts';

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
