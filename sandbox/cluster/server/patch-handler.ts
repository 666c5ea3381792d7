import { ApiError } from '../model/api-error.ts';
import type { KubeObject } from '../model/kubernetes-objects.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { applyStrategicMergePatch } from '../patch/strategic-merge-patch.ts';
import type { Registry, Target } from '../registry/registry.ts';
import { type ApiRequest, writeOptions } from './api-request.ts';
import { ok, type Reply } from './reply.ts';
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
  const patch = patches[contentType];
  if (patch === undefined) throw unsupported(contentType);
  const options = writeOptions(request);
  if (subresource === 'scale') {
    const change = (current: KubeObject) => withScale(current, patch(scaleOf(current), body));
    return ok(scaleOf(registry.update(target, change, { ...options, subresource })));
  }
  const change = (current: KubeObject) => patch(current, body);
  return ok(registry.update(target, change, subresource === 'status' ? { ...options, subresource } : options));
};

const unsupported = (contentType: string): ApiError =>
  new ApiError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${Object.keys(patches).join(', ')} (got ${contentType})`,
    {},
  );
