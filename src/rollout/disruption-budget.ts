import type { DisruptionBudget } from './neighbours.ts';
import type { StringMap } from './objects.ts';
import { selects } from './selector.ts';

/** A rollout as a budget would see it. */
export interface Disruption {
  /** Of the pods, old and new. */
  readonly labels: StringMap;
  readonly replicas: number;
  /** Pods that the rollout may leave missing. */
  readonly missing: number;
}

/**
 * Which budgets a rollout may fall below: a clause each. Budgets count for evictions alone; a rollout deletes pods
 * (https://kubernetes.io/docs/concepts/workloads/pods/disruptions/).
 */
export function exceededBudgets(
  budgets: readonly DisruptionBudget[],
  { labels, replicas, missing }: Disruption,
): readonly string[] {
  return budgets.flatMap(({ metadata, spec, status }) => {
    if (!spec.selector || !selects(spec.selector, labels)) return [];
    // A budget may cover other workloads' pods as well.
    const allowed = allowedBy(spec, Math.max(replicas, status?.expectedPods ?? 0));
    if (allowed === undefined || missing <= allowed) return [];
    return [
      `up to ${missing} of ${replicas} pods may be missing during the rollout, and PodDisruptionBudget ` +
        `${metadata.namespace}/${metadata.name} allows ${allowed}: a rollout does not ask budgets; ` +
        'use order: start-first, or a smaller parallelism',
    ];
  });
}

/** Shares are rounded up (kubernetes/kubernetes, controller/disruption, getExpectedPodCount). */
function allowedBy({ minAvailable, maxUnavailable }: DisruptionBudget['spec'], expected: number): number | undefined {
  if (maxUnavailable !== undefined) return inPods(maxUnavailable, expected);
  return minAvailable === undefined ? undefined : Math.max(0, expected - inPods(minAvailable, expected));
}

function inPods(value: number | string, expected: number): number {
  return typeof value === 'number' ? value : Math.ceil((Number.parseFloat(value) * expected) / 100);
}
