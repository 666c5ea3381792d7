import type { Deployment, Pod, ReplicaSet } from '../cluster/model/workload-objects.ts';
import type { ApiAccess, ApiClient } from '../desk/api-client.ts';
import { type ByHand, createByHand } from '../desk/by-hand.ts';
import { eventually } from '../desk/eventually.ts';
import { kubeconfigText } from '../desk/kubeconfig-text.ts';
import { webDeployment, webService } from '../desk/web-workload.ts';

/** One environment of the shop, in the namespace of its name: one Deployment `web` and its Service. */
export interface Place {
  readonly environment: string;
  readonly kubeconfig: string;
  readonly byHand: ByHand;
  readonly pods: () => Promise<readonly Pod[]>;
  /** What the Service answers to several requests; every different answer once. */
  readonly answers: () => Promise<readonly string[]>;
  /** The Deployment's revisions as `kubectl rollout history` lists them: number and change-cause. */
  readonly revisions: () => Promise<readonly string[]>;
}

/** Installs release 1.0 in a namespace that is there, and waits until it runs. */
export async function openPlace(api: ApiClient, access: ApiAccess, environment: string, image: string): Promise<Place> {
  const core = `/api/v1/namespaces/${environment}`;
  const apps = `/apis/apps/v1/namespaces/${environment}`;
  const annotations = { 'kubernetes.io/change-cause': '1.0' };
  const deployment = webDeployment({ name: 'web', image, replicas: 3, annotations });
  await api.json({ method: 'POST', path: `${apps}/deployments`, body: deployment });
  await api.json({ method: 'POST', path: `${core}/services`, body: webService('web') });
  await eventually('release 1.0', async () => {
    const { status } = await api.json<Deployment>({ path: `${apps}/deployments/web` });
    return status.availableReplicas === 3 || undefined;
  });
  return {
    environment,
    kubeconfig: kubeconfigText(access, environment),
    byHand: createByHand(api, environment),
    pods: async () => (await list<Pod>(api, `${core}/pods`)).filter(({ metadata }) => !metadata.deletionTimestamp),
    answers: async () => {
      const asked = [1, 2, 3, 4, 5, 6].map(() => api.send({ path: `${core}/services/web:80/proxy/` }));
      return [...new Set((await Promise.all(asked)).map(({ text }) => text))];
    },
    revisions: async () => (await list<ReplicaSet>(api, `${apps}/replicasets`)).map(revision).sort(),
  };
}

function revision({ metadata: { annotations = {} } }: ReplicaSet): string {
  return `${annotations['deployment.kubernetes.io/revision']?.padEnd(10)}${annotations['kubernetes.io/change-cause']}`;
}

async function list<T>(api: ApiClient, path: string): Promise<readonly T[]> {
  return (await api.json<{ readonly items: readonly T[] }>({ path: `${path}?labelSelector=app%3Dweb` })).items;
}
