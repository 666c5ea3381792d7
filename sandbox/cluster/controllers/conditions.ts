import type { Condition } from '../model/kubernetes-objects.ts';

export const findCondition = (conditions: readonly Condition[] | undefined, type: string): Condition | undefined =>
  conditions?.find((condition) => condition.type === type);

export const withoutCondition = (conditions: readonly Condition[], type: string): readonly Condition[] =>
  conditions.filter((condition) => condition.type !== type);

/**
 * `SetDeploymentCondition`: nothing changes, not even the time, while status and reason stay the same;
 * the transition time moves only with the status.
 */
export const withCondition = (conditions: readonly Condition[], next: Condition): readonly Condition[] => {
  const current = findCondition(conditions, next.type);
  if (current?.status === next.status && current.reason === next.reason) return conditions;
  const unmoved = current?.status === next.status && current.lastTransitionTime !== undefined;
  return [
    ...withoutCondition(conditions, next.type),
    unmoved ? { ...next, lastTransitionTime: current.lastTransitionTime } : next,
  ];
};
