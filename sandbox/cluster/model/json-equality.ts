import { isJsonObject } from './kubernetes-objects.ts';

/** Whether two JSON values are the same, whatever the order of their members; a member that is undefined is not there. */
export const isSameJson = (a: unknown, b: unknown): boolean => {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isSameJson(item, b[index]));
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  return Object.keys({ ...a, ...b }).every((key) => isSameJson(a[key], b[key]));
};
