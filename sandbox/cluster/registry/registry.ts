import { randomUUID } from 'node:crypto';
import type { ClusterClock } from '../cluster-clock.ts';
import { alreadyExists, notFound } from '../model/api-error.ts';
import { isSameJson } from '../model/json-equality.ts';
import type { JsonObject, KubeObject, ObjectMeta } from '../model/kubernetes-objects.ts';
import { type Resource, resources } from '../model/resource.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Admission } from './admission.ts';
import { applyDefaults } from './defaults.ts';
import { checkIdentity, checkNamespace, type Draft, type DraftOptions, readDraft } from './draft.ts';
import { hasGeneration, nextGeneration, statusOf } from './generation.ts';
import { recordWrite, type Writer } from './managed-fields.ts';
import { randomSuffix } from './name-suffix.ts';
import { withTemplateGeneration } from './template-generation.ts';
import { validate } from './validation.ts';

export interface Target {
  readonly resource: Resource;
  readonly namespace: string;
  readonly name: string;
}

/** Where an object is. */
export const targetOf = (resource: Resource, { metadata: { namespace = '', name } }: KubeObject): Target => ({
  resource,
  namespace,
  name,
});

export interface WriteOptions extends Writer, DraftOptions {
  readonly dryRun?: boolean;
}

/** What a change function sees and returns: the current object, and the whole object as it shall be. */
export type Change = (current: KubeObject) => unknown;

export type Registry = ReturnType<typeof createRegistry>;

/** The API server's rules for writing objects: defaults, validation, generation, optimistic locks, managed fields. */
export const createRegistry = (
  store: ObjectStore,
  clock: ClusterClock,
  { admit }: Admission,
  extraFields: readonly string[],
) => {
  const find = ({ resource, namespace, name }: Target): KubeObject | undefined => store.get(resource, namespace, name);

  const get = (target: Target): KubeObject => {
    const found = find(target);
    if (found === undefined) throw notFound(target.resource, target.name);
    return found;
  };

  const create = (resource: Resource, namespace: string, draft: unknown, options: WriteOptions): KubeObject => {
    const { apiVersion, kind, metadata, ...rest } = readDraft(resource, draft, extraFields, options);
    const name = metadata.name ?? (metadata.generateName === undefined ? '' : metadata.generateName + randomSuffix());
    checkNamespace(resource, namespace, metadata.namespace);
    if (resource.namespaced && store.get(resources.namespaces, '', namespace) === undefined)
      throw notFound(resources.namespaces, namespace);
    const drafted = applyDefaults(resource, {
      apiVersion,
      kind,
      metadata: {
        ...metadata,
        name,
        ...(resource.namespaced ? { namespace } : {}),
        uid: randomUUID(),
        resourceVersion: '',
        creationTimestamp: clock.timestamp(),
        ...(hasGeneration(resource) ? { generation: 1 } : {}),
      },
      ...rest,
      ...initialStatus(resource, rest),
    });
    const object = withTemplateGeneration(resource, drafted, undefined);
    validate(resource, object, undefined);
    if (find({ resource, namespace, name }) !== undefined) throw alreadyExists(resource, name);
    admit(resource, object);
    const recorded = recordWrite(undefined, object, options, clock.timestamp());
    return options.dryRun ? withoutVersion(recorded) : store.put(resource, recorded);
  };

  const update = (target: Target, change: Change, options: WriteOptions): KubeObject => {
    const { resource } = target;
    const current = get(target);
    const wanted = readDraft(resource, change(current), extraFields, options);
    checkIdentity(resource, current, wanted.metadata);
    const merged = withTemplateGeneration(resource, mergeProtected(resource, current, wanted, options), current);
    validate(resource, merged, current);
    const generation = options.subresource === 'status' ? undefined : nextGeneration(resource, current, merged);
    const object = generation === undefined ? merged : { ...merged, metadata: { ...merged.metadata, generation } };
    if (isSameJson(withoutManagers(object), withoutManagers(current)) && options.applied === undefined) return current;
    const recorded = recordWrite(current, object, options, clock.timestamp());
    if (isSameJson(recorded, current)) return current;
    if (options.dryRun) return recorded;
    const finished =
      recorded.metadata.deletionTimestamp !== undefined && (recorded.metadata.finalizers ?? []).length === 0;
    if (finished && resource !== resources.pods) return store.remove(resource, recorded);
    return store.put(resource, recorded);
  };

  return { find, get, create, update, list: store.list };
};

/** Keeps what a client may not write: system metadata, and status or spec according to the subresource. */
const mergeProtected = (
  resource: Resource,
  current: KubeObject,
  wanted: Draft,
  { subresource }: WriteOptions,
): KubeObject => {
  const metadata = { ...wanted.metadata, ...systemMetadata(current.metadata) };
  const hasStatus = resource.subresources.includes('status');
  if (subresource === 'status')
    return {
      ...current,
      metadata: { ...current.metadata, ...(metadata.annotations ? { annotations: metadata.annotations } : {}) },
      ...part('status', statusOf(wanted as unknown as KubeObject)),
    };
  const { apiVersion, kind, status, ...rest } = wanted;
  const object = { apiVersion, kind, ...rest, metadata, ...part('status', hasStatus ? statusOf(current) : status) };
  return applyDefaults(resource, object as KubeObject);
};

/** The counts of a DaemonSet that are written even when they are zero. */
const unscheduled = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };

const part = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value });

const systemMetadata = (meta: ObjectMeta) => ({
  name: meta.name,
  ...part('namespace', meta.namespace),
  uid: meta.uid,
  resourceVersion: meta.resourceVersion,
  creationTimestamp: meta.creationTimestamp,
  ...part('generation', meta.generation),
  ...part('deletionTimestamp', meta.deletionTimestamp),
  ...part('deletionGracePeriodSeconds', meta.deletionGracePeriodSeconds),
});

/** What was not stored has no resourceVersion to show. */
const withoutVersion = ({ metadata: { resourceVersion: _, ...metadata }, ...rest }: KubeObject) =>
  ({ ...rest, metadata }) as KubeObject;

const withoutManagers = ({ metadata: { managedFields: _, ...metadata }, ...rest }: KubeObject) => ({
  ...rest,
  metadata,
});

const initialStatus = (resource: Resource, rest: JsonObject) => {
  if (resource === resources.pods) return { status: { phase: 'Pending', qosClass: 'BestEffort' } };
  if (resource === resources.namespaces) return { status: { phase: 'Active' } };
  if (resource === resources.replicaSets) return { status: { replicas: 0 } };
  if (resource === resources.statefulSets) return { status: { replicas: 0, availableReplicas: 0 } };
  if (resource === resources.daemonSets) return { status: unscheduled };
  if (resource.subresources.includes('status')) return { status: {} };
  return part('status', rest['status']);
};
