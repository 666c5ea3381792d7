import { isJsonObject, type JsonObject } from '../model/kubernetes-objects.ts';

/** Maps of strings: left out when empty, their values kept whatever they are. */
const stringMaps: ReadonlySet<string> = new Set([
  'labels',
  'annotations',
  'matchLabels',
  'nodeSelector',
  'data',
  'stringData',
  'binaryData',
]);

/** Numbers and booleans that Go's `omitempty` leaves out when they are zero. */
const omittedWhenZero: ReadonlySet<string> = new Set([
  'paused',
  'minReadySeconds',
  'hostNetwork',
  'hostPID',
  'hostIPC',
  'stdin',
  'tty',
]);

/**
 * What is left of a JSON object after Go has decoded and encoded it: no nulls, no empty strings, lists or maps.
 * kubectl undo depends on it, because it sends `creationTimestamp: null` inside the template.
 */
export const decoded = (object: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(object)
      .filter(([key, value]) => !isOmitted(key, value))
      .map(([key, value]) => [key, stringMaps.has(key) ? value : decode(value)]),
  );

const decode = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(decode);
  return isJsonObject(value) ? decoded(value) : value;
};

const isOmitted = (key: string, value: unknown): boolean =>
  value === null ||
  value === undefined ||
  (value === '' && key !== 'imageID') ||
  (Array.isArray(value) && value.length === 0) ||
  ((value === 0 || value === false) && omittedWhenZero.has(key)) ||
  (stringMaps.has(key) && isJsonObject(value) && Object.keys(value).length === 0);
