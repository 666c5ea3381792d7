import { isJsonObject, type JsonObject } from '../model/kubernetes-objects.ts';
import { mergeKeyOf } from './merge-keys.ts';

/**
 * Applies a strategic merge patch: lists that have a merge key are merged by it, other lists are replaced,
 * and `$patch`, `$deleteFromPrimitiveList`, `$setElementOrder` and `$retainKeys` are obeyed.
 */
export const applyStrategicMergePatch = (document: unknown, patch: unknown): unknown => mergeValue(document, patch, '');

const mergeValue = (current: unknown, patch: unknown, field: string): unknown => {
  if (Array.isArray(patch)) return mergeList(Array.isArray(current) ? current : [], patch, field);
  if (!isJsonObject(patch)) return patch;
  return mergeObject(isJsonObject(current) ? current : {}, patch);
};

const mergeObject = (current: JsonObject, patch: JsonObject): JsonObject => {
  if (patch['$patch'] === 'replace') return withoutDirectives(patch);
  if (patch['$patch'] === 'delete') return {};
  const retained = patch['$retainKeys'];
  const merged: Record<string, unknown> = Array.isArray(retained)
    ? Object.fromEntries(Object.entries(current).filter(([key]) => retained.includes(key)))
    : { ...current };
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) delete merged[key];
    else merged[key] = mergeValue(merged[key], value, key);
  }
  return deleteFromPrimitiveLists(merged, patch);
};

const mergeList = (current: readonly unknown[], patch: readonly unknown[], field: string): readonly unknown[] => {
  const key = mergeKeyOf(field, patch);
  if (key === undefined) return field === 'finalizers' ? [...new Set([...current, ...patch])] : patch;
  const items = patch.filter(isJsonObject);
  if (items.some((item) => item['$patch'] === 'replace')) return items.filter((item) => item['$patch'] !== 'replace');
  const merged = [...current.filter(isJsonObject)];
  for (const item of items) {
    const index = merged.findIndex((existing) => existing[key] === item[key]);
    if (item['$patch'] === 'delete') {
      if (index >= 0) merged.splice(index, 1);
    } else if (index >= 0) {
      merged[index] = mergeObject(merged[index] ?? {}, item);
    } else {
      merged.push(mergeObject({}, item));
    }
  }
  return merged;
};

const directive = /^\$(setElementOrder|deleteFromPrimitiveList)\/(.+)$/;

const deleteFromPrimitiveLists = (merged: Record<string, unknown>, patch: JsonObject): JsonObject => {
  for (const [key, listed] of Object.entries(patch)) {
    const [, action, field = ''] = directive.exec(key) ?? [];
    const list = merged[field];
    if (!Array.isArray(listed) || !Array.isArray(list)) continue;
    merged[field] =
      action === 'deleteFromPrimitiveList'
        ? list.filter((value) => !listed.includes(value))
        : inOrder(list, listed, mergeKeyOf(field, list));
  }
  return merged;
};

const inOrder = (list: readonly unknown[], order: readonly unknown[], key: string | undefined): readonly unknown[] => {
  const identity = (value: unknown) => (key !== undefined && isJsonObject(value) ? value[key] : value);
  const ranks = new Map(order.map((value, index) => [identity(value), index]));
  const rank = (value: unknown) => ranks.get(identity(value)) ?? order.length;
  return [...list].sort((a, b) => rank(a) - rank(b));
};

const withoutDirectives = (patch: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')));
