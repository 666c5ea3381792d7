import type { ImageScript } from '../kubelet/image-script.ts';
import { unknownPath } from '../model/api-error.ts';
import { findResource, resources } from '../model/resource.ts';
import type { ApiRequest } from './api-request.ts';
import { authorize } from './authorization.ts';
import { discover } from './discovery.ts';
import { readPodLog } from './pod-log.ts';
import type { Reply } from './reply.ts';
import type { ResourceRequest } from './request-path.ts';
import { handleResource, type ResourceBackend } from './resource-handlers.ts';
import { reviewGroup, reviewSelf } from './self-reviews.ts';
import { proxyService } from './service-proxy.ts';

/** A request as the server read it, before anything is known of its resource. */
export type RawRequest = Omit<ApiRequest, keyof ResourceRequest> & { readonly path: string };

export type Route = (raw: RawRequest, info: ResourceRequest | undefined) => Reply;

/** Sends a request to discovery or to the resource it names, once its user may do that. */
export const createRoutes =
  (backend: ResourceBackend, images: ImageScript): Route =>
  (raw, info) => {
    if (info === undefined) return discover(raw);
    const request: ApiRequest = { ...raw, ...info };
    authorize(backend.registry, request.user, request);
    if (info.group === reviewGroup.group) return reviewSelf(backend.registry, request);
    const resource = findResource(info.group, info.version, info.plural);
    if (resource === undefined) throw unknownPath();
    if (resource === resources.services && info.subresource === 'proxy')
      return proxyService(backend.registry, images, request);
    if (resource === resources.pods && info.subresource === 'log') return readPodLog(backend.registry, images, request);
    return handleResource(backend, resource, request);
  };
