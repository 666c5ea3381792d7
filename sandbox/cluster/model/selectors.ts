import { badRequest } from './api-error.ts';
import type { KubeObject, LabelSelector, StringMap } from './kubernetes-objects.ts';

export type ObjectFilter = (object: KubeObject) => boolean;

/** Whether labels satisfy a workload's selector; an empty selector matches nothing, as for ReplicaSets. */
export const matchesSelector = (selector: LabelSelector, labels: StringMap = {}): boolean => {
  const equalities = Object.entries(selector.matchLabels ?? {});
  const expressions = selector.matchExpressions ?? [];
  if (equalities.length + expressions.length === 0) return false;
  return (
    equalities.every(([key, value]) => labels[key] === value) &&
    expressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      const listed = value !== undefined && values.includes(value);
      return operator === 'In' ? listed : !listed;
    })
  );
};

/** Parses the `labelSelector` query parameter: `a=b,c!=d,e in (f,g),h,!i`. */
export const parseLabelSelector = (text: string): ObjectFilter => {
  const requirements = text
    .split(/,(?![^(]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseRequirement);
  return (object) => requirements.every((holds) => holds(object.metadata.labels ?? {}));
};

/** Parses the `fieldSelector` query parameter: `metadata.name=web,status.phase!=Running`. */
export const parseFieldSelector = (text: string): ObjectFilter => {
  const terms = text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const [, path = '', operator = '', value = ''] = /^([^!=]+)(==|!=|=)(.*)$/.exec(part) ?? [];
      if (path === '') throw badRequest(`invalid field selector: ${part}`);
      return { path: path.split('.'), negated: operator === '!=', value };
    });
  return (object) => terms.every(({ path, negated, value }) => (fieldOf(object, path) === value) !== negated);
};

const parseRequirement = (part: string): ((labels: StringMap) => boolean) => {
  const set = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(part);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    return (labels) => values.includes(labels[key] ?? '\0') === (operator === 'in');
  }
  const equality = /^([^!=\s]+)\s*(==|!=|=)\s*(\S*)$/.exec(part);
  if (equality) {
    const [, key = '', operator, value] = equality;
    return (labels) => (labels[key] === value) === (operator !== '!=');
  }
  if (!/^!?[^\s!=()]+$/.test(part)) throw badRequest(`unable to parse requirement: ${part}`);
  return part.startsWith('!') ? (labels) => !(part.slice(1) in labels) : (labels) => part in labels;
};

const fieldOf = (object: unknown, path: readonly string[]): string => {
  const value = path.reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], object);
  return value === undefined ? '' : String(value);
};
