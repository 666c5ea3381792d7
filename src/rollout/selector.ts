import type { SelectorRequirement, StringMap } from './objects.ts';

/** A label selector of Kubernetes; an empty one selects everything. */
export interface LabelSelector {
  readonly matchLabels?: StringMap;
  readonly matchExpressions?: readonly SelectorRequirement[];
}

/** Whether a selector selects an object with these labels. */
export function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: StringMap): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((requirement) => meets(requirement, labels))
  );
}

/** An object without the label meets `NotIn` as well (apimachinery/pkg/labels, selector.go). */
function meets({ key, operator, values = [] }: SelectorRequirement, labels: StringMap): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
  }
}
