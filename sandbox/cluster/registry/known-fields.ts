import { isJsonObject, type JsonObject } from '../model/kubernetes-objects.ts';
import { type Resource, resources } from '../model/resource.ts';
import { type Schema, schemas } from './schemas.ts';

export interface Known {
  readonly object: JsonObject;
  /** Paths of fields that were dropped, e.g. `spec.template.spec.containers[0].foo`. */
  readonly unknown: readonly string[];
}

/** Drops what this API version does not know, as the API server's decoder does; `extraFields` names fields it shall know. */
export const dropUnknownFields = (resource: Resource, object: JsonObject, extraFields: readonly string[]): Known => {
  const schema = schemaOf(resource);
  if (schema === undefined) return { object, unknown: [] };
  const unknown: string[] = [];
  const known = keepKnown(object, schema, '', (path, field) => {
    if (extraFields.includes(field)) return true;
    unknown.push(path);
    return false;
  });
  return { object: known as JsonObject, unknown };
};

const schemaOf = (resource: Resource): Schema | undefined => {
  if (resource === resources.deployments) return schemas.deployment;
  if (resource === resources.replicaSets) return schemas.replicaSet;
  if (resource === resources.statefulSets) return schemas.statefulSet;
  if (resource === resources.daemonSets) return schemas.daemonSet;
  return resource === resources.pods ? schemas.pod : undefined;
};

const keepKnown = (
  value: unknown,
  schema: Schema | true,
  at: string,
  allow: (path: string, field: string) => boolean,
): unknown => {
  if (schema === true) return value;
  if (Array.isArray(value)) return value.map((item, index) => keepKnown(item, schema, `${at}[${index}]`, allow));
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).flatMap(([field, member]) => {
    const path = at === '' ? field : `${at}.${field}`;
    const known = schema[field];
    if (known === undefined) return allow(path, field) ? [[field, member]] : [];
    return [[field, keepKnown(member, known, path, allow)]];
  });
  return Object.fromEntries(kept);
};
