import { unknownPath } from '../model/api-error.ts';
import { findResource } from '../model/resource.ts';
import type { ApiRequest } from './api-request.ts';
import { authorize } from './authorization.ts';
import { discover } from './discovery.ts';
import type { Reply } from './reply.ts';
import type { ResourceRequest } from './request-path.ts';
import { handleResource, type ResourceBackend } from './resource-handlers.ts';

/** A request as the server read it, before anything is known of its resource. */
export type RawRequest = Omit<ApiRequest, keyof ResourceRequest> & { readonly path: string };

export type Route = (raw: RawRequest, info: ResourceRequest | undefined) => Reply;

/** Sends a request to discovery or to the resource it names, once its user may do that. */
export const createRoutes =
  (backend: ResourceBackend): Route =>
  (raw, info) => {
    if (info === undefined) return discover(raw);
    const request: ApiRequest = { ...raw, ...info };
    authorize(backend.registry, request.user, request);
    const resource = findResource(info.group, info.version, info.plural);
    if (resource === undefined) throw unknownPath();
    return handleResource(backend, resource, request);
  };
