import { isJsonObject } from '../model/kubernetes-objects.ts';

/** Applies an RFC 7386 merge patch and returns the new document. */
export const applyMergePatch = (document: unknown, patch: unknown): unknown => {
  if (!isJsonObject(patch)) return patch;
  const merged: Record<string, unknown> = isJsonObject(document) ? { ...document } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = applyMergePatch(merged[key], value);
  }
  return merged;
};
