import { randomBytes } from 'node:crypto';
import type { ApiAccess, ApiClient } from './api-client.ts';
import { applyManifest } from './manifest.ts';
import type { TestCluster } from './test-cluster.ts';

/** A rule of a Role. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** Makes a ServiceAccount that may do just this in a namespace, and returns its access. */
export async function grant(
  cluster: TestCluster,
  api: ApiClient,
  namespace: string,
  rules: readonly PolicyRule[],
): Promise<ApiAccess> {
  const name = `somebody-${randomBytes(4).toString('hex')}`;
  const rbac = 'rbac.authorization.k8s.io';
  const metadata = { name };
  await applyManifest(api, namespace, { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
  await applyManifest(api, namespace, { apiVersion: `${rbac}/v1`, kind: 'Role', metadata, rules });
  await applyManifest(api, namespace, {
    ...{ apiVersion: `${rbac}/v1`, kind: 'RoleBinding', metadata },
    roleRef: { apiGroup: rbac, kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  });
  return { ...cluster.admin, credentials: { token: await cluster.tokenFor(namespace, name) } };
}
