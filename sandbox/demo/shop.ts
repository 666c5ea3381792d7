import { type EmbeddedCluster, startCluster } from '../cluster/embedded-cluster.ts';
import type { Deployment, Pod, ReplicaSet } from '../cluster/model/workload-objects.ts';
import { type ApiAccess, type ApiClient, createApiClient } from '../desk/api-client.ts';
import { type ByHand, createByHand } from '../desk/by-hand.ts';
import { eventually } from '../desk/eventually.ts';
import { kubeconfigText } from '../desk/kubeconfig-text.ts';
import { webDeployment, webService } from '../desk/web-workload.ts';

const namespace = 'shop';
const core = `/api/v1/namespaces/${namespace}`;
const apps = `/apis/apps/v1/namespaces/${namespace}`;

/** A small shop on the embedded cluster: one Deployment `web` and its Service. */
export interface Shop {
  readonly namespace: string;
  readonly kubeconfig: string;
  readonly byHand: ByHand;
  readonly pods: () => Promise<readonly Pod[]>;
  /** What the Service answers to several requests; every different answer once. */
  readonly answers: () => Promise<readonly string[]>;
  /** The Deployment's revisions as `kubectl rollout history` lists them: number and change-cause. */
  readonly revisions: () => Promise<readonly string[]>;
  readonly stop: () => Promise<void>;
}

/** Starts the cluster and installs release 1.0, as a team does before it has heard of Rollkey. */
export async function openShop(image: string): Promise<Shop> {
  // Slow enough to be watched.
  const timings = { scheduleMs: 20, startMs: 250, readyMs: 350, stopMs: 100, backOffMs: 1_000 };
  const cluster = await startCluster({ namespaces: [namespace], timings });
  const access = accessTo(cluster);
  const api = createApiClient(access);
  const annotations = { 'kubernetes.io/change-cause': '1.0' };
  const deployment = webDeployment({ name: 'web', image, replicas: 3, annotations });
  await api.json({ method: 'POST', path: `${apps}/deployments`, body: deployment });
  await api.json({ method: 'POST', path: `${core}/services`, body: webService('web') });
  await eventually('release 1.0', async () => {
    const { status } = await api.json<Deployment>({ path: `${apps}/deployments/web` });
    return status.availableReplicas === 3 || undefined;
  });
  return {
    namespace,
    kubeconfig: kubeconfigText(access, namespace),
    byHand: createByHand(api, namespace),
    pods: async () => (await list<Pod>(api, `${core}/pods`)).filter(({ metadata }) => !metadata.deletionTimestamp),
    answers: async () => {
      const asked = [1, 2, 3, 4, 5, 6].map(() => api.send({ path: `${core}/services/web:80/proxy/` }));
      return [...new Set((await Promise.all(asked)).map(({ text }) => text))];
    },
    revisions: async () => (await list<ReplicaSet>(api, `${apps}/replicasets`)).map(revision).sort(),
    stop: async () => {
      api.close();
      await cluster.stop();
    },
  };
}

function revision({ metadata: { annotations = {} } }: ReplicaSet): string {
  return `${annotations['deployment.kubernetes.io/revision']?.padEnd(10)}${annotations['kubernetes.io/change-cause']}`;
}

function accessTo(cluster: EmbeddedCluster): ApiAccess {
  return {
    server: cluster.server,
    ca: Buffer.from(cluster.caData, 'base64').toString(),
    credentials: { token: cluster.tokenFor('admin', ['system:masters']) },
  };
}

async function list<T>(api: ApiClient, path: string): Promise<readonly T[]> {
  return (await api.json<{ readonly items: readonly T[] }>({ path: `${path}?labelSelector=app%3Dweb` })).items;
}
