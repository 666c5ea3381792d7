import { forbidden } from '../model/api-error.ts';
import type { KubeObject } from '../model/kubernetes-objects.ts';
import { type Resource, resources } from '../model/resource.ts';
import type { Pod } from '../model/workload-objects.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { specOf } from './generation.ts';

/** Refuses a new pod beyond a ResourceQuota on `pods`, worded as the API server's quota admission does. */
export const admit = (resource: Resource, object: KubeObject, store: ObjectStore): void => {
  if (resource !== resources.pods) return;
  const { name, namespace = '' } = object.metadata;
  for (const quota of store.list(resources.resourceQuotas, namespace)) {
    const { pods: limit } = (specOf(quota) as { hard?: { pods?: string | number } }).hard ?? {};
    if (limit === undefined) continue;
    const used = store.list(resources.pods, namespace).filter(countsForQuota).length;
    if (used + 1 > Number(limit))
      throw forbidden(
        resource,
        name,
        `exceeded quota: ${quota.metadata.name}, requested: pods=1, used: pods=${used}, limited: pods=${limit}`,
      );
  }
};

const countsForQuota = (object: KubeObject): boolean => {
  const { phase } = (object as Pod).status;
  return phase !== 'Succeeded' && phase !== 'Failed';
};
