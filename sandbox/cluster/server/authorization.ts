import { ApiError } from '../model/api-error.ts';
import type { KubeObject } from '../model/kubernetes-objects.ts';
import { resources } from '../model/resource.ts';
import type { Registry } from '../registry/registry.ts';
import type { User } from './authentication.ts';

export interface Attributes {
  readonly verb: string;
  readonly group: string;
  readonly plural: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
}

export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

interface Role extends KubeObject {
  readonly rules?: readonly PolicyRule[];
}

interface RoleBinding extends KubeObject {
  readonly subjects?: readonly { readonly kind: string; readonly name: string; readonly namespace?: string }[];
  readonly roleRef: { readonly kind: string; readonly name: string };
}

/** Every authenticated user may ask what it may do (ClusterRole `system:basic-user`). */
const basicRules: readonly PolicyRule[] = [
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  },
];

/** The rules that Roles and bindings give a user in a namespace. */
export const rulesFor = (registry: Registry, user: User, namespace: string): readonly PolicyRule[] => {
  if (user.groups.includes('system:masters'))
    return [...basicRules, { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }];
  const bindings = [
    ...registry.list(resources.clusterRoleBindings, ''),
    ...(namespace === '' ? [] : registry.list(resources.roleBindings, namespace)),
  ] as unknown as readonly RoleBinding[];
  const granted = bindings
    .filter(({ subjects = [] }) => subjects.some((subject) => isSubject(user, subject)))
    .flatMap(({ roleRef, metadata }) => roleRules(registry, roleRef, metadata.namespace ?? ''));
  return user.groups.includes('system:authenticated') ? [...basicRules, ...granted] : granted;
};

/** Throws 403, worded as the API server does, unless a rule allows the request. */
export const authorize = (registry: Registry, user: User, attributes: Attributes): void => {
  if (isAllowed(registry, user, attributes)) return;
  const { verb, group, plural, subresource, namespace, name } = attributes;
  const subject = group === '' ? plural : `${plural}.${group}`;
  const resource = subresource === '' ? plural : `${plural}/${subresource}`;
  const scope = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  throw new ApiError(
    403,
    'Forbidden',
    `${subject}${name === '' ? '' : ` "${name}"`} is forbidden: User "${user.name}" cannot ${verb} resource "${resource}" in API group "${group}" ${scope}`,
    { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: plural },
  );
};

export const isAllowed = (registry: Registry, user: User, attributes: Attributes): boolean =>
  rulesFor(registry, user, attributes.namespace).some((rule) => covers(rule, attributes));

const isSubject = (user: User, subject: { kind: string; name: string; namespace?: string }): boolean => {
  if (subject.kind === 'Group') return user.groups.includes(subject.name);
  if (subject.kind === 'ServiceAccount')
    return user.name === `system:serviceaccount:${subject.namespace}:${subject.name}`;
  return user.name === subject.name;
};

const roleRules = (registry: Registry, roleRef: RoleBinding['roleRef'], namespace: string): readonly PolicyRule[] => {
  const cluster = roleRef.kind === 'ClusterRole';
  const target = {
    resource: cluster ? resources.clusterRoles : resources.roles,
    namespace: cluster ? '' : namespace,
    name: roleRef.name,
  };
  return (registry.find(target) as Role | undefined)?.rules ?? [];
};

const covers = (rule: PolicyRule, { verb, group, plural, subresource, name }: Attributes): boolean => {
  const { verbs, apiGroups = [], resources: named = [], resourceNames = [] } = rule;
  const wanted = subresource === '' ? [plural, '*'] : [`${plural}/${subresource}`, `*/${subresource}`, '*'];
  return (
    includesOrAll(verbs, verb) &&
    includesOrAll(apiGroups, group) &&
    named.some((resource) => wanted.includes(resource)) &&
    (resourceNames.length === 0 || (name !== '' && resourceNames.includes(name)))
  );
};

const includesOrAll = (list: readonly string[], item: string): boolean => list.includes('*') || list.includes(item);
