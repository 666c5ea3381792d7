import { isJsonObject, type JsonObject } from '../model/kubernetes-objects.ts';
import { itemKey, mergeKeyOf } from './merge-keys.ts';

/** A path into an object, one step a line, in the notation of FieldsV1: `f:spec`, `k:{"name":"web"}`, `.` for an item itself. */
export type FieldPath = string;

const separator = '\n';

/** What no manager owns: the identity of an object and what the server writes. */
const unowned: ReadonlySet<string> = new Set([
  'f:apiVersion',
  'f:kind',
  ...['name', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'generateName'].map(
    metadataPath,
  ),
  ...['managedFields', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink'].map(metadataPath),
]);

/** Maps that are owned as a whole. */
const atomic: ReadonlySet<string> = new Set(['selector', 'nodeSelector', 'matchLabels', 'resourceFieldRef']);

/** Every owned leaf of an object with its value. */
export const fieldsOf = (object: unknown): ReadonlyMap<FieldPath, unknown> => {
  const fields = new Map<FieldPath, unknown>();
  collect(fields, [], '', object);
  return fields;
};

const collect = (fields: Map<FieldPath, unknown>, path: readonly string[], field: string, value: unknown): void => {
  const key = Array.isArray(value) ? mergeKeyOf(field, value) : undefined;
  if (unowned.has(path.join(separator))) return;
  if (Array.isArray(value) && key !== undefined) {
    for (const item of value.filter(isJsonObject)) {
      const at = [...path, `k:${JSON.stringify(itemKey(field, key, item))}`];
      fields.set([...at, '.'].join(separator), true);
      for (const [name, member] of Object.entries(item)) collect(fields, [...at, `f:${name}`], name, member);
    }
  } else if (isJsonObject(value) && !atomic.has(field) && Object.keys(value).length > 0) {
    for (const [name, member] of Object.entries(value)) collect(fields, [...path, `f:${name}`], name, member);
  } else {
    fields.set(path.join(separator), value);
  }
};

/** Writes paths as the nested object of a managedFields entry. */
export const toFieldsV1 = (paths: Iterable<FieldPath>): JsonObject => {
  const root: Record<string, unknown> = {};
  for (const path of paths) {
    let at = root;
    for (const step of path.split(separator)) {
      at[step] ??= {};
      at = at[step] as Record<string, unknown>;
    }
  }
  return root;
};

/** Reads the paths of a managedFields entry back. */
export const fromFieldsV1 = (fields: JsonObject): ReadonlySet<FieldPath> => {
  const paths = new Set<FieldPath>();
  const read = (at: JsonObject, path: readonly string[]): void => {
    const steps = Object.entries(at);
    if (steps.length === 0 && path.length > 0) paths.add(path.join(separator));
    for (const [step, below] of steps) read(below as JsonObject, [...path, step]);
  };
  read(fields, []);
  return paths;
};

/** The path as conflict messages show it: `.spec.template.spec.containers[name="web"].image`. */
export const describePath = (path: FieldPath): string =>
  path
    .split(separator)
    .filter((step) => step !== '.')
    .map((step) => (step.startsWith('f:') ? `.${step.slice(2)}` : describeKey(step)))
    .join('');

const describeKey = (step: string): string =>
  `[${Object.entries(JSON.parse(step.slice(2)) as JsonObject)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join(',')}]`;

/** The object without the given leaves; a keyed item goes when its own path (`.`) is among them. */
export const withoutFields = (object: unknown, paths: Iterable<FieldPath>): unknown => {
  const copy = structuredClone(object);
  for (const path of paths) removeAt(copy, path.split(separator), '');
  return copy;
};

const removeAt = (at: unknown, [step = '', ...rest]: readonly string[], field: string): void => {
  if (Array.isArray(at)) {
    const index = at.findIndex((item) => isKeyedAs(item, step, field, at));
    if (index < 0) return;
    if (rest[0] === '.') at.splice(index, 1);
    else removeAt(at[index], rest, '');
  } else if (isJsonObject(at)) {
    const name = step.slice(2);
    if (rest.length === 0) delete (at as Record<string, unknown>)[name];
    else removeAt(at[name], rest, name);
  }
};

const isKeyedAs = (item: unknown, step: string, field: string, list: readonly unknown[]): boolean => {
  const key = mergeKeyOf(field, list);
  return key !== undefined && isJsonObject(item) && `k:${JSON.stringify(itemKey(field, key, item))}` === step;
};

function metadataPath(name: string): string {
  return `f:metadata${separator}f:${name}`;
}
