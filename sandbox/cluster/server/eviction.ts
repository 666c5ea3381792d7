import { ApiError } from '../model/api-error.ts';
import type { DisruptionBudget } from '../model/disruption-budget.ts';
import { resources } from '../model/resource.ts';
import { matchesSelector } from '../model/selectors.ts';
import type { Pod } from '../model/workload-objects.ts';
import type { Remove } from '../registry/deletion.ts';
import type { Registry, Target } from '../registry/registry.ts';
import { created, type Reply } from './reply.ts';

/** Deletes a pod as the eviction API does: 429 while its PodDisruptionBudget allows no disruption, 500 where it has two. */
export const evict = (registry: Registry, remove: Remove, target: Target): Reply => {
  const pod = registry.get(target) as Pod;
  const [budget, ...others] = pod.status.phase === 'Running' ? budgetsOf(registry, pod) : [];
  if (others.length > 0) throw new ApiError(500, 'InternalError', twoBudgets);
  if (budget !== undefined) checkBudget(budget);
  remove(target);
  return created({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 });
};

const budgetsOf = (registry: Registry, { metadata }: Pod): readonly DisruptionBudget[] =>
  (registry.list(resources.disruptionBudgets, metadata.namespace ?? '') as readonly DisruptionBudget[]).filter(
    ({ spec }) => matchesSelector(spec.selector ?? {}, metadata.labels),
  );

const checkBudget = ({ metadata, status }: DisruptionBudget): void => {
  const { observedGeneration = 0, disruptionsAllowed = 0, desiredHealthy = 0, currentHealthy = 0 } = status;
  const pending = observedGeneration < (metadata.generation ?? 0);
  if (!pending && disruptionsAllowed > 0) return;
  const message = pending
    ? `The disruption budget ${metadata.name} is still being processed by the server.`
    : `The disruption budget ${metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  throw new ApiError(429, 'TooManyRequests', refused, { causes: [{ reason: 'DisruptionBudget', message }] });
};

const refused = "Cannot evict pod as it would violate the pod's disruption budget.";
const twoBudgets = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
