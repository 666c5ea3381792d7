import { readFileSync } from 'node:fs';
import type { RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import type { ApiAccess } from './api-client.ts';
import { requestToken } from './service-account-token.ts';
import type { TestCluster } from './test-cluster.ts';

/**
 * The cluster of a kubeconfig file's current context, for stories. Its nodes need the sandbox's images (sandbox/bed/images.ts);
 * stories touch nothing but namespaces that they make.
 */
export async function openGivenTestCluster(file: string): Promise<TestCluster> {
  const admin = await readAccess(file);
  return {
    kind: 'given',
    admin,
    unknownField: undefined,
    tokenFor: (namespace, name) => requestToken(admin, namespace, name),
    requestsSince: async () => undefined,
    machinery: undefined,
    stop: async () => {},
  };
}

async function readAccess(file: string): Promise<ApiAccess> {
  const config = new KubeConfig();
  config.loadFromString(readFileSync(file, 'utf8'));
  const cluster = config.getCurrentCluster();
  if (!cluster) throw new Error(`${file}: it has no current context`);
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { authorization, Authorization = authorization } = (options.headers ?? {}) as Record<string, string>;
  const ca = String(options.ca ?? '');
  if (Authorization) {
    return { server: cluster.server, ca, credentials: { token: Authorization.replace(/^Bearer /i, '') } };
  }
  return { server: cluster.server, ca, credentials: { cert: String(options.cert), key: String(options.key) } };
}
