import type { ClusterClock } from '../cluster-clock.ts';
import { ApiError, badRequest, unknownPath } from '../model/api-error.ts';
import type { KubeObject } from '../model/kubernetes-objects.ts';
import { groupVersion, type Resource } from '../model/resource.ts';
import { type ObjectFilter, parseFieldSelector, parseLabelSelector } from '../model/selectors.ts';
import type { DeleteOptions, Remove } from '../registry/deletion.ts';
import type { Registry, Target } from '../registry/registry.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { type ApiRequest, writeOptions } from './api-request.ts';
import { evict } from './eviction.ts';
import { patchObject } from './patch-handler.ts';
import { created, ok, type Reply } from './reply.ts';
import { scaleOf, withScale } from './scale.ts';
import { tableOf, wantsTable } from './table.ts';
import type { Watches } from './watch-stream.ts';

export interface ResourceBackend {
  readonly store: ObjectStore;
  readonly registry: Registry;
  readonly remove: Remove;
  readonly watches: Watches;
  readonly clock: ClusterClock;
}

/** Carries out get, list, watch, create, update, patch, delete and deletecollection on one resource. */
export const handleResource = (backend: ResourceBackend, resource: Resource, request: ApiRequest): Reply => {
  const { registry, remove } = backend;
  const { verb, namespace, name, subresource } = request;
  const target: Target = { resource, namespace, name };
  if (subresource === 'eviction' && verb === 'create') return evict(registry, remove, target);
  const known: readonly string[] = resource.subresources;
  if (subresource !== '' && !known.includes(subresource)) throw unknownPath();
  switch (verb) {
    case 'get':
      return ok(read(backend, target, request));
    case 'list':
      return ok(list(backend, resource, request));
    case 'watch':
      return watch(backend, resource, request);
    case 'create':
      return created(
        registry.create(resource, namespace || namespaceOf(resource, request), request.body, writeOptions(request)),
      );
    case 'update':
      return ok(update(registry, target, request));
    case 'patch':
      return patchObject(registry, target, request);
    case 'delete':
      return deleted(resource, remove(target, deleteOptions(request)));
    case 'deletecollection':
      for (const object of select(backend, resource, request))
        remove(
          { resource, namespace: object.metadata.namespace ?? '', name: object.metadata.name },
          deleteOptions(request),
        );
      return ok({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
    default:
      throw new ApiError(
        405,
        'MethodNotAllowed',
        'the server does not allow this method on the requested resource',
        {},
      );
  }
};

const namespaceOf = (resource: Resource, { body }: ApiRequest): string =>
  resource.namespaced ? ((body as Partial<KubeObject> | undefined)?.metadata?.namespace ?? '') : '';

const read = ({ registry, clock }: ResourceBackend, target: Target, { subresource, accept }: ApiRequest): object => {
  const object = registry.get(target);
  if (subresource === 'scale') return scaleOf(object);
  return wantsTable(accept) ? tableOf(target.resource, [object], {}, clock.now()) : object;
};

const update = (registry: Registry, target: Target, request: ApiRequest): unknown => {
  const options = writeOptions(request);
  const { subresource, body } = request;
  if (subresource === 'scale')
    return scaleOf(registry.update(target, (current) => withScale(current, body), { ...options, subresource }));
  return registry.update(target, () => body, subresource === 'status' ? { ...options, subresource } : options);
};

const select = ({ store }: ResourceBackend, resource: Resource, request: ApiRequest): readonly KubeObject[] =>
  store.list(resource, request.namespace).filter(filterOf(request));

const filterOf = ({ query }: ApiRequest): ObjectFilter => {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(query.get('fieldSelector') ?? '');
  return (object) => labels(object) && fields(object);
};

const list = (backend: ResourceBackend, resource: Resource, request: ApiRequest): object => {
  const items = select(backend, resource, request);
  const limit = Number(request.query.get('limit') ?? 0) || items.length;
  const start = Number(request.query.get('continue') ?? 0);
  if (!Number.isInteger(start)) throw badRequest('invalid continue token: continue key is not valid');
  const next = start + limit;
  const more = next < items.length ? { continue: String(next), remainingItemCount: items.length - next } : {};
  const metadata = { resourceVersion: String(backend.store.revision()), ...more };
  const page = items.slice(start, next);
  return wantsTable(request.accept)
    ? tableOf(resource, page, metadata, backend.clock.now())
    : { kind: `${resource.kind}List`, apiVersion: groupVersion(resource), metadata, items: page };
};

const watch = ({ watches }: ResourceBackend, resource: Resource, request: ApiRequest): Reply => {
  const { query, namespace } = request;
  const matches = filterOf(request);
  return {
    code: 200,
    stream: (response) =>
      watches.serve(response, {
        resource,
        namespace,
        matches,
        resourceVersion: query.get('resourceVersion') ?? '',
        timeoutSeconds: Number(query.get('timeoutSeconds')) || 1800,
        bookmarks: query.get('allowWatchBookmarks') === 'true',
        sendInitialEvents: query.get('sendInitialEvents') === 'true',
      }),
  };
};

const deleteOptions = ({ body, query }: ApiRequest): DeleteOptions => {
  const policy = query.get('propagationPolicy');
  const grace = query.get('gracePeriodSeconds');
  return {
    ...(body as DeleteOptions | undefined),
    ...(policy === null ? {} : { propagationPolicy: policy as DeleteOptions['propagationPolicy'] & string }),
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    dryRun: writesNothing({ body, query }),
  };
};

const writesNothing = ({ body, query }: Pick<ApiRequest, 'body' | 'query'>): boolean =>
  [query.getAll('dryRun'), (body as { dryRun?: unknown } | undefined)?.dryRun].flat().includes('All');

/** The object while something still keeps it, otherwise a Status that names it. */
const deleted = (resource: Resource, { object, gone }: ReturnType<Remove>): Reply => {
  if (!gone) return ok(object);
  const { name, uid } = object.metadata;
  const details = { name, ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural, uid };
  return ok({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
};
