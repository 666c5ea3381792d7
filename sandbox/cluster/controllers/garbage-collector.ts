import type { KubeObject } from '../model/kubernetes-objects.ts';
import { type Resource, resources } from '../model/resource.ts';
import { targetOf } from '../registry/registry.ts';
import { type ControlPlane, controllerManager } from './control-plane.ts';
import type { Controller } from './controller-loop.ts';

/** The kinds that can be owned here, dependents of dependents last. */
const dependentKinds: readonly Resource[] = [
  resources.replicaSets,
  resources.controllerRevisions,
  resources.pods,
  resources.configMaps,
];
const ownerKinds: readonly Resource[] = [
  resources.deployments,
  resources.replicaSets,
  resources.statefulSets,
  resources.daemonSets,
  resources.configMaps,
];

/** Deletes what a deleted owner leaves behind, and carries out foreground and orphan deletion, a namespace at a time. */
export const createGarbageCollector = (plane: ControlPlane): Controller => ({
  keysOf: ({ type, resource, object }) => {
    const { name, namespace, deletionTimestamp, ownerReferences = [] } = object.metadata;
    const concerns =
      type === 'DELETED' || deletionTimestamp !== undefined || (type === 'ADDED' && ownerReferences.length > 0);
    if (!concerns) return [];
    return resource === resources.namespaces ? [name] : [namespace ?? ''];
  },
  sync: (namespace) => {
    if (plane.registry.find({ resource: resources.namespaces, namespace: '', name: namespace }) === undefined) {
      emptyNamespace(plane, namespace);
      return;
    }
    for (const resource of ownerKinds)
      for (const owner of plane.registry.list(resource, namespace)) finishDeletion(plane, resource, owner);
    collect(plane, namespace);
  },
});

const collect = (plane: ControlPlane, namespace: string): void => {
  const alive = new Set(
    ownerKinds.flatMap((kind) => plane.registry.list(kind, namespace)).map(({ metadata }) => metadata.uid),
  );
  for (const resource of dependentKinds)
    for (const object of plane.registry.list(resource, namespace)) {
      const owners = object.metadata.ownerReferences ?? [];
      const abandoned = owners.length > 0 && !owners.some(({ uid }) => alive.has(uid));
      if (abandoned && object.metadata.deletionTimestamp === undefined) plane.remove(targetOf(resource, object));
    }
};

const finishDeletion = (plane: ControlPlane, resource: Resource, owner: KubeObject): void => {
  const { finalizers = [], uid, namespace = '' } = owner.metadata;
  if (!finalizers.includes('orphan') && !finalizers.includes('foregroundDeletion')) return;
  const dependents = dependentKinds.flatMap((kind) =>
    plane.registry
      .list(kind, namespace)
      .filter(({ metadata }) => metadata.ownerReferences?.some((reference) => reference.uid === uid))
      .map((object) => ({ kind, object })),
  );
  if (finalizers.includes('orphan')) {
    for (const { kind, object } of dependents) release(plane, kind, object, uid);
    liftFinalizer(plane, resource, owner, 'orphan');
  } else {
    for (const { kind, object } of dependents)
      if (object.metadata.deletionTimestamp === undefined)
        plane.remove(targetOf(kind, object), kind === resources.pods ? {} : { propagationPolicy: 'Foreground' });
    if (dependents.length === 0) liftFinalizer(plane, resource, owner, 'foregroundDeletion');
  }
};

const release = (plane: ControlPlane, resource: Resource, object: KubeObject, ownerUid: string): void => {
  plane.registry.update(
    targetOf(resource, object),
    (current) => {
      const ownerReferences = (current.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== ownerUid);
      return { ...current, metadata: { ...current.metadata, ownerReferences } };
    },
    controllerManager,
  );
};

const liftFinalizer = (plane: ControlPlane, resource: Resource, object: KubeObject, finalizer: string): void => {
  plane.registry.update(
    targetOf(resource, object),
    (current) => {
      const finalizers = (current.metadata.finalizers ?? []).filter((name) => name !== finalizer);
      return { ...current, metadata: { ...current.metadata, finalizers } };
    },
    controllerManager,
  );
};

/** Nothing of a namespace that is gone waits for grace periods. */
const emptyNamespace = (plane: ControlPlane, namespace: string): void => {
  if (namespace === '') return;
  for (const resource of Object.values<Resource>(resources).filter(({ namespaced }) => namespaced))
    for (const object of plane.registry.list(resource, namespace))
      plane.remove(targetOf(resource, object), { gracePeriodSeconds: 0 });
};
