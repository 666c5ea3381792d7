import { isDeepStrictEqual } from 'node:util';
import type { JsonObject, KubeObject, ManagedFieldsEntry } from '../model/kubernetes-objects.ts';
import { type FieldPath, fieldsOf, fromFieldsV1, toFieldsV1 } from '../patch/field-paths.ts';

export interface Writer {
  readonly manager: string;
  readonly subresource?: 'status' | 'scale';
  /** The configuration of a server-side apply: its fields, and no others, are what the manager owns afterwards. */
  readonly applied?: JsonObject;
}

export interface Ownership {
  readonly entry: ManagedFieldsEntry;
  readonly paths: ReadonlySet<FieldPath>;
}

/** Who owns which fields of an object, by its managedFields. */
export const ownershipOf = (object: KubeObject | undefined): readonly Ownership[] =>
  (object?.metadata.managedFields ?? []).map((entry) => ({ entry, paths: fromFieldsV1(entry.fieldsV1) }));

/** Whether an entry is the one a writer continues. */
export const isWriters = ({ entry }: Ownership, { manager, subresource, applied }: Writer): boolean =>
  entry.manager === manager &&
  entry.operation === (applied === undefined ? 'Update' : 'Apply') &&
  entry.subresource === subresource;

/** Moves the fields that a write changed to its manager, and forgets those that are gone. */
export const recordWrite = (
  before: KubeObject | undefined,
  after: KubeObject,
  writer: Writer,
  time: string,
): KubeObject => {
  const old = before === undefined ? new Map<FieldPath, unknown>() : fieldsOf(before);
  const fields = fieldsOf(after);
  const changed = [...fields].filter(([path, value]) => !isDeepStrictEqual(old.get(path), value)).map(([path]) => path);
  const owners = ownershipOf(before);
  const mine = owners.find((owner) => isWriters(owner, writer));
  const owned =
    writer.applied === undefined
      ? new Set([...(mine?.paths ?? []), ...changed].filter((path) => fields.has(path)))
      : new Set(fieldsOf(writer.applied).keys());
  const taken = new Set(changed);
  const others = owners
    .filter((owner) => owner !== mine)
    .map(({ entry, paths }) => ({
      entry,
      paths: new Set([...paths].filter((path) => fields.has(path) && !taken.has(path))),
    }));
  const written = { ...entryOf(after, writer, time), fieldsV1: toFieldsV1([...owned].sort()) };
  const unchanged =
    mine !== undefined && isDeepStrictEqual(mine.entry.fieldsV1, written.fieldsV1) && changed.length === 0;
  const entries = [
    ...others
      .filter(({ paths }) => paths.size > 0)
      .map(({ entry, paths }) => ({ ...entry, fieldsV1: toFieldsV1(paths) })),
    ...(unchanged ? [mine.entry] : owned.size > 0 ? [written] : []),
  ];
  const kept =
    before !== undefined && changed.length === 0 && writer.applied === undefined && sameFields(before, entries);
  return {
    ...after,
    metadata: { ...after.metadata, managedFields: kept ? (before.metadata.managedFields ?? []) : entries },
  };
};

const sameFields = (before: KubeObject, entries: readonly ManagedFieldsEntry[]): boolean =>
  isDeepStrictEqual(new Set(before.metadata.managedFields), new Set(entries));

const entryOf = (object: KubeObject, { manager, subresource, applied }: Writer, time: string) =>
  ({
    manager,
    operation: applied === undefined ? 'Update' : 'Apply',
    apiVersion: object.apiVersion,
    time,
    fieldsType: 'FieldsV1',
    ...(subresource === undefined ? {} : { subresource }),
  }) as const;
