import { badRequest, unsupportedPatch } from '../model/api-error.ts';
import { isJsonObject, type KubeObject } from '../model/kubernetes-objects.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { applyStrategicMergePatch } from '../patch/strategic-merge-patch.ts';
import type { Registry, Target } from '../registry/registry.ts';
import { applyConfiguration } from '../registry/server-side-apply.ts';
import { type ApiRequest, writeOptions } from './api-request.ts';
import { created, ok, type Reply } from './reply.ts';
import { scaleOf, withScale } from './scale.ts';

type Patch = (document: unknown, patch: unknown) => unknown;

const patches: Readonly<Record<string, Patch>> = {
  'application/json-patch+json': applyJsonPatch,
  'application/merge-patch+json': applyMergePatch,
  'application/strategic-merge-patch+json': applyStrategicMergePatch,
};

/** Patches an object or its status or scale, by the content type of the request. */
export const patchObject = (registry: Registry, target: Target, request: ApiRequest): Reply => {
  const { body, subresource, contentType } = request;
  if (contentType.startsWith('application/apply-patch+')) return applyServerSide(registry, target, request);
  const patch = patches[contentType];
  if (patch === undefined) throw unsupportedPatch();
  const options = writeOptions(request);
  if (subresource === 'scale') {
    const change = (current: KubeObject) => withScale(current, patch(scaleOf(current), body));
    return ok(scaleOf(registry.update(target, change, { ...options, subresource })));
  }
  const change = (current: KubeObject) => patch(current, body);
  return ok(registry.update(target, change, subresource === 'status' ? { ...options, subresource } : options));
};

/** Server-side apply: creates the object where it is missing. */
const applyServerSide = (registry: Registry, target: Target, request: ApiRequest): Reply => {
  const { body, query, subresource } = request;
  if (!isJsonObject(body)) throw badRequest('the applied configuration is not an object');
  if (!query.get('fieldManager'))
    throw badRequest(
      'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
    );
  const options = { ...writeOptions(request), applied: body };
  if (registry.find(target) === undefined) {
    const metadata = { ...(body['metadata'] as object | undefined), name: target.name };
    return created(registry.create(target.resource, target.namespace, { ...body, metadata }, options));
  }
  const force = query.get('force') === 'true';
  const change = (current: KubeObject) => applyConfiguration(current, body, options.manager, force);
  return ok(registry.update(target, change, subresource === 'status' ? { ...options, subresource } : options));
};
