import { ApiError, type StatusCause } from '../model/api-error.ts';
import { isSameJson } from '../model/json-equality.ts';
import type { JsonObject, KubeObject, ManagedFieldsEntry } from '../model/kubernetes-objects.ts';
import { describePath, type FieldPath, fieldsOf, withoutFields } from '../patch/field-paths.ts';
import { applyStrategicMergePatch } from '../patch/strategic-merge-patch.ts';
import { isWriters, type Ownership, ownershipOf } from './managed-fields.ts';

/**
 * Merges an applied configuration into the live object: what this manager applied before and now leaves out is removed
 * unless another manager owns it; a field of another manager with another value is a conflict unless forced.
 */
export const applyConfiguration = (live: KubeObject, config: JsonObject, manager: string, force: boolean): unknown => {
  const applied = fieldsOf(config);
  const owners = ownershipOf(live);
  const mine = owners.find((owner) => isWriters(owner, { manager, applied: config }));
  const others = owners.filter((owner) => owner !== mine);
  if (!force) refuseConflicts(live, applied, others);
  const keptByOthers = new Set(others.flatMap(({ paths }) => [...paths]));
  const left = [...(mine?.paths ?? [])].filter((path) => !applied.has(path) && !isKept(path, keptByOthers));
  return withoutFields(applyStrategicMergePatch(live, config), left);
};

/** An item of a list stays while anybody else owns anything in it. */
const isKept = (path: FieldPath, kept: ReadonlySet<FieldPath>): boolean =>
  path.endsWith('\n.') ? [...kept].some((other) => other.startsWith(path.slice(0, -1))) : kept.has(path);

const refuseConflicts = (
  live: KubeObject,
  applied: ReadonlyMap<FieldPath, unknown>,
  others: readonly Ownership[],
): void => {
  const current = fieldsOf(live);
  const causes = others.flatMap(({ entry, paths }) =>
    [...applied]
      .filter(([path, value]) => paths.has(path) && !isSameJson(current.get(path), value))
      .map(([path]): StatusCause => {
        return { reason: 'FieldManagerConflict', message: describeConflict(entry), field: describePath(path) };
      }),
  );
  if (causes.length === 0) return;
  const count = `${causes.length} conflict${causes.length === 1 ? '' : 's'}`;
  const list = causes.map(({ message, field }) => `${message}: ${field}`).join('\n');
  throw new ApiError(409, 'Conflict', `Apply failed with ${count}: ${list}`, { causes });
};

const describeConflict = ({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry): string => {
  const through = subresource === undefined ? '' : ` with subresource "${subresource}"`;
  return `conflict with "${manager}"${through}${operation === 'Update' ? ` using ${apiVersion}` : ''}`;
};
