import { badRequest, unprocessablePatch } from '../model/api-error.ts';
import { isSameJson } from '../model/json-equality.ts';

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

type Parent = Record<string, unknown> | unknown[];

/** Applies an RFC 6902 patch to a copy of the document; any operation that cannot be done answers 422, as the API server does. */
export const applyJsonPatch = (document: unknown, patch: unknown): unknown => {
  if (!Array.isArray(patch))
    throw badRequest(
      'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    );
  const root = { document: structuredClone(document) };
  for (const operation of patch as Operation[]) apply(root, operation);
  return root.document;
};

const apply = (root: { document: unknown }, { op, path, from = '', value }: Operation): void => {
  if (op === 'test') {
    if (!isSameJson(read(root, path), value)) throw unprocessablePatch();
  } else if (op === 'add') {
    write(root, path, structuredClone(value));
  } else if (op === 'replace') {
    replace(root, path, structuredClone(value));
  } else if (op === 'remove') {
    remove(root, path);
  } else if (op === 'copy') {
    write(root, path, structuredClone(read(root, from)));
  } else if (op === 'move') {
    const moved = read(root, from);
    remove(root, from);
    write(root, path, moved);
  } else {
    throw unprocessablePatch();
  }
};

const locate = (root: { document: unknown }, path: string): { parent: Parent; key: string } => {
  if (path !== '' && !path.startsWith('/')) throw unprocessablePatch();
  const keys = ['document', ...path.split('/').slice(1).map(unescapePointer)];
  const parent = keys.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], root);
  if (typeof parent !== 'object' || parent === null) throw unprocessablePatch();
  return { parent: parent as Parent, key: keys.at(-1) ?? '' };
};

const unescapePointer = (token: string): string => token.replaceAll('~1', '/').replaceAll('~0', '~');

/** The value at a path, null when a member is missing: evanphx/json-patch lets `test` compare a missing member with null. */
const read = (root: { document: unknown }, path: string): unknown => {
  const { parent, key } = locate(root, path);
  if (Array.isArray(parent) && !(key in parent)) throw unprocessablePatch();
  return (parent as Record<string, unknown>)[key] ?? null;
};

const write = (root: { document: unknown }, path: string, value: unknown): void => {
  const { parent, key } = locate(root, path);
  if (!Array.isArray(parent)) {
    parent[key] = value;
    return;
  }
  const index = key === '-' ? parent.length : Number(key);
  if (!Number.isInteger(index) || index < 0 || index > parent.length) throw unprocessablePatch();
  parent.splice(index, 0, value);
};

/** Replaces an item; in an object a member that is missing is added, as evanphx/json-patch does in the API server. */
const replace = (root: { document: unknown }, path: string, value: unknown): void => {
  const { parent, key } = locate(root, path);
  if (Array.isArray(parent) && !(key in parent)) throw unprocessablePatch();
  (parent as Record<string, unknown>)[key] = value;
};

const remove = (root: { document: unknown }, path: string): void => {
  const { parent, key } = locate(root, path);
  if (!(key in parent)) throw unprocessablePatch();
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
};
