import type { ClusterClock } from '../cluster-clock.ts';
import { conflict } from '../model/api-error.ts';
import type { KubeObject } from '../model/kubernetes-objects.ts';
import { resources } from '../model/resource.ts';
import type { Pod } from '../model/workload-objects.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Registry, Target } from './registry.ts';

export interface DeleteOptions {
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly gracePeriodSeconds?: number;
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
  readonly dryRun?: boolean;
}

export interface Deletion {
  readonly object: KubeObject;
  /** False while a grace period or a finalizer still keeps the object. */
  readonly gone: boolean;
}

export type Remove = ReturnType<typeof createRemove>;

/** Deletes as the API server does: at once, after a pod's grace period, or when the last finalizer is lifted. */
export const createRemove =
  (store: ObjectStore, registry: Registry, clock: ClusterClock) =>
  (target: Target, options: DeleteOptions = {}): Deletion => {
    const object = registry.get(target);
    checkPreconditions(target, object, options);
    if (options.dryRun) return { object, gone: true };
    const grace = target.resource === resources.pods ? gracePeriod(object as Pod, options) : 0;
    const finalizers = finalizersFor(object, options);
    if (grace === 0 && finalizers.length === 0) return { object: store.remove(target.resource, object), gone: true };
    if (object.metadata.deletionTimestamp !== undefined) return { object, gone: false };
    return { object: store.put(target.resource, markDeleted(object, grace, finalizers, clock)), gone: false };
  };

const checkPreconditions = (
  { resource, name }: Target,
  { metadata: { uid, resourceVersion } }: KubeObject,
  { preconditions = {} }: DeleteOptions,
): void => {
  if (preconditions.uid !== undefined && preconditions.uid !== uid)
    throw conflict(
      resource,
      name,
      `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  if (preconditions.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion)
    throw conflict(
      resource,
      name,
      `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
};

/** A pod that no node has taken goes at once (kubernetes pkg/registry/core/pod/strategy.go). */
const gracePeriod = (pod: Pod, { gracePeriodSeconds }: DeleteOptions): number =>
  pod.spec.nodeName === undefined ? 0 : (gracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30);

const finalizersFor = ({ metadata }: KubeObject, { propagationPolicy }: DeleteOptions): readonly string[] => {
  const own = metadata.finalizers ?? [];
  if (propagationPolicy === 'Foreground') return [...new Set([...own, 'foregroundDeletion'])];
  if (propagationPolicy === 'Orphan') return [...new Set([...own, 'orphan'])];
  return own;
};

const markDeleted = (
  object: KubeObject,
  grace: number,
  finalizers: readonly string[],
  clock: ClusterClock,
): KubeObject => {
  const { generation } = object.metadata;
  return {
    ...object,
    metadata: {
      ...object.metadata,
      ...(generation === undefined ? {} : { generation: generation + 1 }),
      deletionTimestamp: `${new Date(clock.now() + grace * 1000).toISOString().slice(0, 19)}Z`,
      deletionGracePeriodSeconds: grace,
      ...(finalizers.length > 0 ? { finalizers } : {}),
    },
  };
};
