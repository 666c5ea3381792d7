import { isJsonObject, type JsonObject } from '../model/kubernetes-objects.ts';

/** `patchMergeKey` of the lists in the kinds served, by field name; `ports` depends on what it lists. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  volumes: 'name',
  env: 'name',
  imagePullSecrets: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  topologySpreadConstraints: 'topologyKey',
  hostAliases: 'ip',
  conditions: 'type',
  ownerReferences: 'uid',
};

/** The key by which the items of a list are told apart, or undefined where the list is atomic. */
export const mergeKeyOf = (field: string, items: readonly unknown[]): string | undefined => {
  if (field !== 'ports') return mergeKeys[field];
  const onContainer = items.some((item) => isJsonObject(item) && 'containerPort' in item);
  return onContainer ? 'containerPort' : 'port';
};

/** What tells one item of a keyed list from the others in managed fields: ports are keyed by protocol as well. */
export const itemKey = (field: string, key: string, item: JsonObject): JsonObject =>
  field === 'ports' ? { [key]: item[key], protocol: item['protocol'] ?? 'TCP' } : { [key]: item[key] };
