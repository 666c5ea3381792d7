import { isJsonObject, type JsonObject } from '../model/kubernetes-objects.ts';

/** Maps that vanish from a typed object when they are empty; an empty struct such as `securityContext` stays. */
const maps: ReadonlySet<string> = new Set(['labels', 'annotations', 'matchLabels', 'nodeSelector', 'data']);

/**
 * What is left of a JSON object after Go has decoded and encoded it: no nulls, no empty lists, no empty maps.
 * kubectl undo depends on it, because it sends `creationTimestamp: null` inside the template.
 */
export const decoded = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object)
      .filter(([key, value]) => !isAbsent(key, value))
      .map(([key, value]) => [key, decode(value)]),
  );

const decode = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(decode);
  return isJsonObject(value) ? decoded(value) : value;
};

const isAbsent = (key: string, value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (Array.isArray(value) && value.length === 0) ||
  (maps.has(key) && isJsonObject(value) && Object.keys(value).length === 0);
