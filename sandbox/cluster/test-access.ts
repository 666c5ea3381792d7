import { badRequest } from './model/api-error.ts';
import type { KubeObject } from './model/kubernetes-objects.ts';
import { type Resource, resourceOfKind, resources } from './model/resource.ts';
import { applyJsonPatch } from './patch/json-patch.ts';
import { applyMergePatch } from './patch/merge-patch.ts';
import type { Remove } from './registry/deletion.ts';
import type { Registry } from './registry/registry.ts';
import type { ObjectStore } from './store/object-store.ts';

export type ResourceName = keyof typeof resources;

export type TestAccess = ReturnType<typeof createTestAccess>;

/** Lets a test read and write objects in one synchronous call, by the rules of the API server but without HTTP. */
export const createTestAccess = (store: ObjectStore, registry: Registry, remove: Remove, manager = 'test') => {
  const targetOf = (resource: ResourceName, namespace: string, name: string) => ({
    resource: resources[resource] as Resource,
    namespace,
    name,
  });
  return {
    /** The object, or undefined. */
    find: <T extends KubeObject = KubeObject>(resource: ResourceName, namespace: string, name: string): T | undefined =>
      registry.find(targetOf(resource, namespace, name)) as T | undefined,
    /** The object; throws ApiError 404. */
    get: <T extends KubeObject = KubeObject>(resource: ResourceName, namespace: string, name: string): T =>
      registry.get(targetOf(resource, namespace, name)) as T,
    list: <T extends KubeObject = KubeObject>(resource: ResourceName, namespace = ''): readonly T[] =>
      registry.list(resources[resource], namespace) as readonly T[],
    /** Creates the object, or merges it into the one that is there. */
    apply: <T extends KubeObject = KubeObject>(manifest: Manifest): T => {
      const resource = resourceOfKind(manifest.apiVersion, manifest.kind);
      if (resource === undefined) throw badRequest(`no matches for kind ${manifest.kind} in ${manifest.apiVersion}`);
      const { name } = manifest.metadata;
      const namespace = resource.namespaced ? (manifest.metadata.namespace ?? 'default') : '';
      const target = { resource, namespace, name };
      const stored =
        registry.find(target) === undefined
          ? registry.create(resource, namespace, manifest, { manager })
          : registry.update(target, (current) => applyMergePatch(current, manifest), { manager });
      return stored as T;
    },
    /** Applies a JSON merge patch, or a JSON patch where the patch is a list. */
    patch: <T extends KubeObject = KubeObject>(
      resource: ResourceName,
      namespace: string,
      name: string,
      patch: object | readonly object[],
    ): T =>
      registry.update(
        targetOf(resource, namespace, name),
        (current) => (Array.isArray(patch) ? applyJsonPatch(current, patch) : applyMergePatch(current, patch)),
        { manager },
      ) as T,
    delete: (resource: ResourceName, namespace: string, name: string): void => {
      remove(targetOf(resource, namespace, name));
    },
    /** Calls the listener inside every later change of any object; returns how to stop that. */
    subscribe: store.subscribe,
  };
};

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}
