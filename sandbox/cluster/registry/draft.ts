import { badRequest, conflict, staleWrite } from '../model/api-error.ts';
import { isJsonObject, type JsonObject, type KubeObject, type ObjectMeta } from '../model/kubernetes-objects.ts';
import { groupVersion, type Resource, resources } from '../model/resource.ts';
import { decoded } from './decoded.ts';
import { findMistyped } from './field-types.ts';
import { dropUnknownFields } from './known-fields.ts';

/** An object on its way into the store: decoded, of the right kind, its metadata not yet checked. */
export interface Draft extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Partial<ObjectMeta>;
}

export interface DraftOptions {
  /** `fieldValidation=Strict`: an unknown field is refused instead of dropped. */
  readonly strict?: boolean;
}

/** Decodes what a client sent for a resource; `extraFields` names fields this cluster knows beyond Kubernetes'. */
export const readDraft = (
  resource: Resource,
  given: unknown,
  extraFields: readonly string[],
  { strict = false }: DraftOptions,
): Draft => {
  if (!isJsonObject(given)) throw badRequest('the object provided is not a JSON object');
  const expected = groupVersion(resource);
  const { apiVersion = expected, kind = resource.kind, metadata = {} } = given;
  if (apiVersion !== expected || kind !== resource.kind) throw badRequest(wrongKind(resource, apiVersion, kind));
  if (!isJsonObject(metadata)) throw badRequest('metadata is not an object');
  // Elsewhere `data` is a map of strings; a ControllerRevision's is a patch.
  const mistyped = findMistyped(resource === resources.controllerRevisions ? { metadata } : given);
  if (mistyped !== undefined)
    throw badRequest(`${kind} in version "${resource.version}" cannot be handled as a ${kind}: ${mistyped}`);
  const { object, unknown } = dropUnknownFields(resource, decoded(given), extraFields);
  if (strict && unknown.length > 0) throw badRequest(unknownFields(resource, unknown));
  const { metadata: meta = {}, ...rest } = object as { metadata?: Partial<ObjectMeta> };
  return { ...rest, apiVersion: expected, kind: resource.kind, metadata: meta };
};

const wrongKind = ({ kind, group }: Resource, givenVersion: unknown, givenKind: unknown): string => {
  const [, version = givenVersion] = String(givenVersion).split('/');
  const conversion = `converting (${version}.${givenKind}) to (${group || 'core'}.${kind}): unknown conversion`;
  return `${givenKind} in version "${version}" cannot be handled as a ${kind}: ${conversion}`;
};

const unknownFields = ({ kind, version }: Resource, paths: readonly string[]): string => {
  const list = paths.map((path) => `unknown field "${path}"`).join(', ');
  return `${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${list}`;
};

/** 400 where the object names another namespace than the request. */
export const checkNamespace = (resource: Resource, namespace: string, given: string | undefined): void => {
  if (resource.namespaced && given !== undefined && given !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
};

/** Refuses an update under another name or uid, or under a resourceVersion that is no longer the current one. */
export const checkIdentity = (
  resource: Resource,
  { metadata: { name, namespace = '', uid, resourceVersion } }: KubeObject,
  wanted: Partial<ObjectMeta>,
): void => {
  if (wanted.name !== undefined && wanted.name !== name)
    throw badRequest(`the name of the object (${wanted.name}) does not match the name on the URL (${name})`);
  checkNamespace(resource, namespace, wanted.namespace);
  if (wanted.uid !== undefined && wanted.uid !== uid)
    throw conflict(
      resource,
      name,
      `StorageError: invalid object, Code: 4, Key: /registry/${resource.plural}/${namespace}/${name}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${wanted.uid}, UID in object meta: ${uid}`,
    );
  if (wanted.resourceVersion !== undefined && wanted.resourceVersion !== resourceVersion)
    throw staleWrite(resource, name);
};
