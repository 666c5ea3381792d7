import { type ClusterOptions, type EmbeddedCluster, startCluster } from '../cluster/embedded-cluster.ts';
import { embeddedMachinery } from './embedded-machinery.ts';
import type { TestCluster } from './test-cluster.ts';

const unknownField = 'sandboxOnlyField';

/** The embedded cluster in this process, for stories; `cluster` reaches what only it can do. */
export async function startEmbeddedTestCluster(
  options: ClusterOptions = {},
): Promise<TestCluster & { readonly cluster: EmbeddedCluster }> {
  const cluster = await startCluster({ extraFields: [unknownField], ...options });
  return {
    kind: 'embedded',
    cluster,
    unknownField,
    admin: {
      server: cluster.server,
      ca: Buffer.from(cluster.caData, 'base64').toString(),
      credentials: { token: cluster.tokenFor('admin', ['system:masters']) },
    },
    tokenFor: async (namespace, name) => cluster.tokenFor(`system:serviceaccount:${namespace}:${name}`),
    requestsSince: async (time) => cluster.requests.filter((request) => request.time >= time.getTime()),
    machinery: embeddedMachinery(cluster),
    stop: cluster.stop,
  };
}
