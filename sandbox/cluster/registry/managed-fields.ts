import type { KubeObject, ManagedFieldsEntry } from '../model/kubernetes-objects.ts';

export interface Writer {
  readonly manager: string;
  readonly operation?: 'Apply' | 'Update';
  readonly subresource?: 'status' | 'scale';
}

/** Records who wrote: the manager's entry moves to the end with the time of this write. */
export const recordWrite = (
  before: KubeObject | undefined,
  after: KubeObject,
  { manager, operation = 'Update', subresource }: Writer,
  time: string,
): KubeObject => {
  const entry: ManagedFieldsEntry = {
    manager,
    operation,
    apiVersion: after.apiVersion,
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: {},
    ...(subresource === undefined ? {} : { subresource }),
  };
  const others = (before?.metadata.managedFields ?? []).filter(
    (known) => !(known.manager === manager && known.operation === operation && known.subresource === subresource),
  );
  return { ...after, metadata: { ...after.metadata, managedFields: [...others, entry] } };
};
