import { isSameJson } from '../model/json-equality.ts';
import { formatQuantity } from '../model/quantities.ts';
import { resources } from '../model/resource.ts';
import { statusOf } from '../registry/generation.ts';
import { hardOf, usedIn } from '../registry/pod-quota.ts';
import { targetOf } from '../registry/registry.ts';
import { type ControlPlane, controllerManager } from './control-plane.ts';
import type { Controller } from './controller-loop.ts';

/** The ResourceQuota controller: says in a quota's status what is allowed and what is taken of it. */
export const createResourceQuotaController = (plane: ControlPlane): Controller => ({
  keysOf: ({ resource, object }) =>
    resource === resources.resourceQuotas || resource === resources.pods ? [object.metadata.namespace ?? ''] : [],
  sync: (namespace) => {
    const quotas = plane.registry.list(resources.resourceQuotas, namespace);
    if (quotas.length === 0) return;
    const used = usedIn(plane.registry, namespace);
    for (const quota of quotas) {
      const hard = hardOf(quota);
      const taken = Object.keys(hard).map((resource) => [resource, formatQuantity(used[resource] ?? 0)]);
      const status = { hard, used: Object.fromEntries(taken) };
      if (isSameJson(status, statusOf(quota))) continue;
      const options = { ...controllerManager, subresource: 'status' } as const;
      plane.registry.update(targetOf(resources.resourceQuotas, quota), (current) => ({ ...current, status }), options);
    }
  },
});
