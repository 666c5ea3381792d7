/** One resource of the API: where it lives in the URL space and which subresources it has. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly subresources: readonly ('status' | 'scale' | 'log' | 'proxy' | 'eviction')[];
}

const define = (
  groupVersion: string,
  plural: string,
  kind: string,
  shortNames: readonly string[] = [],
  subresources: Resource['subresources'] = [],
  namespaced = true,
): Resource => {
  const [group, version] = groupVersion.includes('/') ? groupVersion.split('/') : ['', groupVersion];
  return {
    group: group ?? '',
    version: version ?? '',
    plural,
    singular: kind.toLowerCase(),
    kind,
    namespaced,
    shortNames,
    subresources,
  };
};

const admission = 'admissionregistration.k8s.io';
const policyKind = 'ValidatingAdmissionPolicy';

/** Every resource the embedded cluster serves. */
export const resources = {
  namespaces: define('v1', 'namespaces', 'Namespace', ['ns'], ['status'], false),
  nodes: define('v1', 'nodes', 'Node', ['no'], ['status'], false),
  pods: define('v1', 'pods', 'Pod', ['po'], ['status', 'log', 'eviction']),
  events: define('v1', 'events', 'Event', ['ev']),
  configMaps: define('v1', 'configmaps', 'ConfigMap', ['cm']),
  secrets: define('v1', 'secrets', 'Secret'),
  volumeClaims: define('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', ['pvc'], ['status']),
  services: define('v1', 'services', 'Service', ['svc'], ['proxy']),
  serviceAccounts: define('v1', 'serviceaccounts', 'ServiceAccount', ['sa']),
  resourceQuotas: define('v1', 'resourcequotas', 'ResourceQuota', ['quota'], ['status']),
  deployments: define('apps/v1', 'deployments', 'Deployment', ['deploy'], ['status', 'scale']),
  replicaSets: define('apps/v1', 'replicasets', 'ReplicaSet', ['rs'], ['status', 'scale']),
  statefulSets: define('apps/v1', 'statefulsets', 'StatefulSet', ['sts'], ['status', 'scale']),
  daemonSets: define('apps/v1', 'daemonsets', 'DaemonSet', ['ds'], ['status']),
  controllerRevisions: define('apps/v1', 'controllerrevisions', 'ControllerRevision'),
  autoscalers: define('autoscaling/v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', ['hpa'], ['status']),
  disruptionBudgets: define('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget', ['pdb'], ['status']),
  admissionPolicies: define(`${admission}/v1`, 'validatingadmissionpolicies', policyKind, [], [], false),
  admissionBindings: define(
    `${admission}/v1`,
    'validatingadmissionpolicybindings',
    `${policyKind}Binding`,
    [],
    [],
    false,
  ),
  roles: define('rbac.authorization.k8s.io/v1', 'roles', 'Role'),
  roleBindings: define('rbac.authorization.k8s.io/v1', 'rolebindings', 'RoleBinding'),
  clusterRoles: define('rbac.authorization.k8s.io/v1', 'clusterroles', 'ClusterRole', [], [], false),
  clusterRoleBindings: define(
    'rbac.authorization.k8s.io/v1',
    'clusterrolebindings',
    'ClusterRoleBinding',
    [],
    [],
    false,
  ),
} as const satisfies Record<string, Resource>;

/** `deployments.apps`, or `pods` in the core group: how Kubernetes' messages name a resource. */
export const groupResource = (resource: Resource): string =>
  resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;

/** `apps/v1`, or `v1` in the core group. */
export const groupVersion = (resource: Resource): string =>
  resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;

/** Finds a resource by API group and plural; undefined when the cluster does not serve it. */
export const findResource = (group: string, version: string, plural: string): Resource | undefined =>
  Object.values<Resource>(resources).find(
    (resource) => resource.group === group && resource.version === version && resource.plural === plural,
  );

/** Finds a resource by the `apiVersion` and `kind` of an object. */
export const resourceOfKind = (apiVersion: string, kind: string): Resource | undefined =>
  Object.values<Resource>(resources).find(
    (resource) => groupVersion(resource) === apiVersion && resource.kind === kind,
  );
