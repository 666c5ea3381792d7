import type { Cluster, WorkloadRef } from '../ports.ts';
import { podsOf } from '../rollout/blue-green-patch.ts';
import type { Deployment, StringMap } from '../rollout/objects.ts';
import { type Service, selectorFor } from '../rollout/service.ts';
import { sameTemplate } from '../rollout/template.ts';
import { nameOf } from './workload-name.ts';

/** Whether a Service may be pointed at a colour, and by which selector. */
export type Fitness =
  | { readonly kind: 'fit'; readonly selector: StringMap }
  /** `why` is a clause for people. */
  | { readonly kind: 'changed' | 'lacking'; readonly why: string };

/**
 * Looks at a colour that was seen well once more: a gate may have been asked since, and neither the Service's patch nor
 * the API server knows whether anybody would answer. Throws ClusterError.
 */
export async function fitToServe(
  cluster: Cluster,
  ref: WorkloadRef,
  service: Service,
  seen: Deployment,
): Promise<Fitness> {
  const now = await cluster.getWorkload(ref);
  const name = nameOf(ref);
  const { template } = now.spec;
  const selector = selectorFor(service, template);
  if (!selector || !sameTemplate(template, seen.spec.template))
    return { kind: 'changed', why: `somebody else changed the template of ${name} meanwhile` };
  if (podsOf(now) === 0) return { kind: 'changed', why: `somebody else took the pods of ${name} meanwhile` };
  // An autoscaler may want more or fewer by now, and some may have been tolerated to fail.
  const wanted = Math.max(1, Math.min(podsOf(now), seen.status?.availableReplicas ?? podsOf(seen)));
  const { availableReplicas = 0 } = now.status ?? {};
  return availableReplicas < wanted
    ? { kind: 'lacking', why: `${availableReplicas} of ${wanted} pods of ${name} are available now` }
    : { kind: 'fit', selector };
}
