import { isSameJson } from '../model/json-equality.ts';
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
  const changed = new Set([...fields.keys()].filter((path) => !isSameJson(old.get(path), fields.get(path))));
  const owners = ownershipOf(before);
  const mine = owners.find((owner) => isWriters(owner, writer));
  const owned =
    writer.applied === undefined
      ? [...new Set([...(mine?.paths ?? []), ...changed])].filter((path) => fields.has(path))
      : [...fieldsOf(writer.applied).keys()];
  const written = { ...entryOf(after, writer, time), fieldsV1: toFieldsV1(owned.toSorted()) };
  const settled = mine !== undefined && changed.size === 0 && isSameJson(mine.entry.fieldsV1, written.fieldsV1);
  const kept = owners.flatMap((owner) => {
    if (owner === mine) return settled ? [owner.entry] : [];
    const left = [...owner.paths].filter((path) => fields.has(path) && !changed.has(path));
    return left.length === 0 ? [] : [{ ...owner.entry, fieldsV1: toFieldsV1(left) }];
  });
  const managedFields = settled || owned.length === 0 ? kept : [...kept, written];
  return { ...after, metadata: { ...after.metadata, managedFields } };
};

const entryOf = (object: KubeObject, { manager, subresource, applied }: Writer, time: string) =>
  ({
    manager,
    operation: applied === undefined ? 'Update' : 'Apply',
    apiVersion: object.apiVersion,
    time,
    fieldsType: 'FieldsV1',
    ...(subresource === undefined ? {} : { subresource }),
  }) as const;
