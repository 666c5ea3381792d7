import { isJsonObject } from '../model/kubernetes-objects.ts';

const stringMaps: ReadonlySet<string> = new Set(['labels', 'annotations', 'matchLabels', 'nodeSelector', 'data']);
const integers: ReadonlySet<string> = new Set([
  'replicas',
  'minReadySeconds',
  'revisionHistoryLimit',
  'progressDeadlineSeconds',
  'terminationGracePeriodSeconds',
  'containerPort',
]);
const strings: ReadonlySet<string> = new Set(['image', 'name', 'namespace', 'uid', 'resourceVersion']);

/** The first value of a type its field cannot hold, worded as Go's decoder does; undefined when there is none. */
export const findMistyped = (value: unknown, path = ''): string | undefined => {
  if (Array.isArray(value)) return first(value.map((item) => findMistyped(item, path)));
  if (!isJsonObject(value)) return undefined;
  return first(
    Object.entries(value).map(([field, member]) => {
      const at = path === '' ? field : `${path}.${field}`;
      if (stringMaps.has(field) && isJsonObject(member))
        return first(Object.values(member).map((item) => mistyped(item, 'string', at)));
      if (integers.has(field)) return mistyped(member, 'int32', at);
      return (strings.has(field) ? mistyped(member, 'string', at) : undefined) ?? findMistyped(member, at);
    }),
  );
};

const mistyped = (value: unknown, type: 'string' | 'int32', at: string): string | undefined => {
  if (value === null || value === undefined) return undefined;
  if (type === 'string' ? typeof value === 'string' : Number.isInteger(value)) return undefined;
  const given = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
  return `json: cannot unmarshal ${given} into Go struct field ${at} of type ${type}`;
};

const first = (problems: readonly (string | undefined)[]): string | undefined =>
  problems.find((problem) => problem !== undefined);
