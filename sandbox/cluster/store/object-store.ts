import type { KubeObject } from '../model/kubernetes-objects.ts';
import { groupResource, type Resource } from '../model/resource.ts';

export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: Resource;
  readonly object: KubeObject;
  /** What the object was before this change; absent for ADDED. */
  readonly previous?: KubeObject;
  readonly revision: number;
}

export type ObjectStore = ReturnType<typeof createObjectStore>;

/** Keeps objects under one revision counter, as etcd does, with a bounded log of changes to watch. */
export const createObjectStore = (logLimit: number) => {
  const objects = new Map<string, Map<string, KubeObject>>();
  const listeners = new Set<(event: StoreEvent) => void>();
  let log: StoreEvent[] = [];
  let revision = 100;
  let compacted = revision;

  const collection = (resource: Resource): Map<string, KubeObject> => {
    const key = groupResource(resource);
    const found = objects.get(key) ?? new Map<string, KubeObject>();
    objects.set(key, found);
    return found;
  };

  const record = (event: StoreEvent): void => {
    log.push(event);
    if (log.length > logLimit * 2) compact(log[log.length - logLimit]?.revision ?? revision);
    for (const listener of [...listeners]) listener(event);
  };

  const compact = (upTo: number): void => {
    compacted = upTo;
    log = log.filter((event) => event.revision > upTo);
  };

  const get = (resource: Resource, namespace: string, name: string): KubeObject | undefined =>
    collection(resource).get(`${namespace}/${name}`);

  /** All objects of a resource in name order; an empty namespace means every namespace. */
  const list = (resource: Resource, namespace: string): readonly KubeObject[] =>
    [...collection(resource)]
      .filter(([key]) => namespace === '' || key.startsWith(`${namespace}/`))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object);

  /** Stores the object under a new resourceVersion and returns it, frozen. */
  const put = (resource: Resource, object: KubeObject): KubeObject => {
    const { namespace = '', name } = object.metadata;
    const previous = get(resource, namespace, name);
    revision += 1;
    const metadata = { ...object.metadata, resourceVersion: String(revision) };
    const stored = deepFreeze({ ...object, metadata });
    collection(resource).set(`${namespace}/${name}`, stored);
    record(
      previous === undefined
        ? { type: 'ADDED', resource, object: stored, revision }
        : { type: 'MODIFIED', resource, object: stored, previous, revision },
    );
    return stored;
  };

  const remove = (resource: Resource, object: KubeObject): KubeObject => {
    const { namespace = '', name } = object.metadata;
    revision += 1;
    const last = deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } });
    collection(resource).delete(`${namespace}/${name}`);
    record({ type: 'DELETED', resource, object: last, previous: object, revision });
    return last;
  };

  return {
    get,
    list,
    put,
    remove,
    compact,
    revision: () => revision,
    compacted: () => compacted,
    /** Changes after a revision; the caller checks `compacted` first. */
    since: (from: number): readonly StoreEvent[] => log.filter((event) => event.revision > from),
    /** Calls the listener inside every later change; returns how to stop that. */
    subscribe: (listener: (event: StoreEvent) => void): (() => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

const deepFreeze = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const child of Object.values(value)) deepFreeze(child);
  return Object.freeze(value);
};
