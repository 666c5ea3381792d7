import type { ResourceQuota, ScopeRequirement } from './neighbours.ts';
import type { PodTemplate } from './objects.ts';
import { podDemand } from './pod-demand.ts';

/**
 * Whether a quota counts the pods of a template (https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes).
 * A scope that is not known here counts as one that does not.
 */
export function countsPods({ spec = {} }: ResourceQuota, template: PodTemplate): boolean {
  const named = (spec.scopes ?? []).map((scopeName): ScopeRequirement => ({ scopeName, operator: 'Exists' }));
  const required = [...named, ...(spec.scopeSelector?.matchExpressions ?? [])];
  return required.every((requirement) => meets(requirement, template));
}

function meets({ scopeName, operator, values = [] }: ScopeRequirement, template: PodTemplate): boolean {
  switch (scopeName) {
    // A pod that a workload keeps running has no activeDeadlineSeconds.
    case 'Terminating':
      return false;
    case 'NotTerminating':
      return true;
    case 'BestEffort':
      return isBestEffort(template);
    case 'NotBestEffort':
      return !isBestEffort(template);
    case 'PriorityClass':
      return hasPriority(template, operator, values);
    default:
      return false;
  }
}

function isBestEffort(template: PodTemplate): boolean {
  const { requests, limits } = podDemand(template);
  return ['cpu', 'memory'].every((name) => !(requests.get(name) || limits.get(name)));
}

function hasPriority(
  { spec }: PodTemplate,
  operator: ScopeRequirement['operator'],
  values: readonly string[],
): boolean {
  const { priorityClassName: name = '' } = spec as { readonly priorityClassName?: string };
  switch (operator) {
    case 'In':
      return values.includes(name);
    case 'NotIn':
      return !values.includes(name);
    case 'Exists':
      return name !== '';
    case 'DoesNotExist':
      return name === '';
  }
}
