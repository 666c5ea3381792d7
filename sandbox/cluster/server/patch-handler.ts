import { ApiError, badRequest, invalid, unsupportedPatch } from '../model/api-error.ts';
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
  const change = (current: KubeObject) => keepingUid(target, current, patch(current, body));
  return ok(registry.update(target, change, subresource === 'status' ? { ...options, subresource } : options));
};

/** A patch may test the uid, not change it. */
const keepingUid = ({ resource, name }: Target, { metadata }: KubeObject, patched: unknown): unknown => {
  const { uid = metadata.uid } = (patched as Partial<KubeObject> | null)?.metadata ?? {};
  if (uid === metadata.uid) return patched;
  const message = `Invalid value: ${JSON.stringify(uid)}: field is immutable`;
  throw invalid(resource, name, [{ reason: 'FieldValueInvalid', message, field: 'metadata.uid' }]);
};

/** Server-side apply: creates the object where it is missing. */
const applyServerSide = (registry: Registry, target: Target, request: ApiRequest): Reply => {
  const { body, query, subresource } = request;
  if (!isJsonObject(body)) throw badRequest('the applied configuration is not an object');
  if (!query.get('fieldManager')) throw managerRequired();
  const options = { ...writeOptions(request), applied: body };
  if (registry.find(target) === undefined) {
    const metadata = { ...(body['metadata'] as object | undefined), name: target.name };
    return created(registry.create(target.resource, target.namespace, { ...body, metadata }, options));
  }
  const force = query.get('force') === 'true';
  const change = (current: KubeObject) => applyConfiguration(current, body, options.manager, force);
  return ok(registry.update(target, change, subresource === 'status' ? { ...options, subresource } : options));
};

const managerRequired = (): ApiError => {
  const message = 'Required value: is required for apply patch';
  const causes = [{ reason: 'FieldValueRequired', message, field: 'fieldManager' }];
  return new ApiError(422, 'Invalid', `PatchOptions.meta.k8s.io "" is invalid: fieldManager: ${message}`, {
    group: 'meta.k8s.io',
    kind: 'PatchOptions',
    causes,
  });
};
