import { randomBytes } from 'node:crypto';
import type { Deployment, Pod, ReplicaSet } from '../cluster/model/workload-objects.ts';
import type { ActionName } from '../runner/action-definition.ts';
import { type ActionRun, type RunOptions, runAction } from '../runner/run-action.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { type AvailabilitySampling, sampleAvailability } from './availability.ts';
import { type ByHand, createByHand } from './by-hand.ts';
import { type Answered, type Meet, openCheckpoint, openWatchCutter } from './checkpoint.ts';
import { eventually, PATIENT } from './eventually.ts';
import { type FaultyFrontOptions, openFaultyFront } from './faulty-front.ts';
import type { Front } from './front.ts';
import { grant, type PolicyRule } from './grant.ts';
import { kubeconfigText } from './kubeconfig-text.ts';
import { applyManifest, type Manifest } from './manifest.ts';
import { createSurroundings, type Surroundings } from './surroundings.ts';
import type { LoggedRequest, TestCluster } from './test-cluster.ts';
import { type WebWorkload, webDeployment, webService } from './web-workload.ts';

/** One story's place: a namespace of its own on a cluster, and everything a story does there. */
export interface Desk {
  readonly cluster: TestCluster;
  readonly namespace: string;
  readonly api: ApiClient;
  readonly byHand: ByHand;
  /** Creates the object or changes it, as `kubectl apply` does. */
  readonly apply: (manifest: Manifest) => Promise<void>;
  /** Applies a Deployment of web pods with its Service, and waits until it is complete. */
  readonly install: (workload?: Partial<WebWorkload>) => Promise<void>;
  /** What is done around its Deployments: quotas, policies, nodes. */
  readonly surroundings: Surroundings;
  readonly deployment: (name?: string) => Promise<Deployment>;
  /** The Deployment's own, in no order. */
  readonly replicaSets: (name?: string) => Promise<readonly ReplicaSet[]>;
  /** Those that are not on their way out. */
  readonly pods: (name?: string) => Promise<readonly Pod[]>;
  /** The data of a ConfigMap; undefined where there is none. */
  readonly configMap: (name: string) => Promise<Readonly<Record<string, string>> | undefined>;
  /** Waits until the pods of a Deployment answer nothing but this. */
  readonly answers: (body: string, name?: string) => Promise<void>;
  /** Waits until a Deployment's rollout is complete. */
  readonly complete: (name?: string) => Promise<Deployment>;
  /** Of somebody who may do everything. */
  readonly kubeconfig: () => string;
  /** Of somebody who may do just this in this namespace. */
  readonly kubeconfigFor: (rules: readonly PolicyRule[]) => Promise<string>;
  /** Of somebody whose every request is met before it goes on, and told of once it was carried out. */
  readonly kubeconfigPast: (meet: Meet, answered?: Answered) => Promise<string>;
  /** Of somebody whose watches break every so many milliseconds. */
  readonly kubeconfigCut: (everyMs: number) => Promise<string>;
  /** Of somebody to whose requests happens what a seed says; `happened` tells what did. */
  readonly kubeconfigThrough: (
    options: FaultyFrontOptions,
  ) => Promise<{ readonly kubeconfig: string; readonly happened: readonly string[] }>;
  /** Looks at the pods and the service of a Deployment until stopped. */
  readonly sampleAvailability: (name?: string) => AvailabilitySampling;
  /**
   * Runs an action's bundle; one that speaks to a cluster by the kubeconfig of somebody who may do everything unless
   * inputs name another.
   */
  readonly run: (
    action: ActionName,
    inputs: Readonly<Record<string, string>>,
    options?: Omit<RunOptions, 'inputs'>,
  ) => Promise<ActionRun>;
  /** What Rollkey asked in this namespace since a time; undefined where the cluster's log cannot be read. */
  readonly requestsSince: (time: Date) => Promise<readonly LoggedRequest[] | undefined>;
  /** Gives the namespace up; what is in it ends after the call. */
  readonly close: () => Promise<void>;
}

const clusterless: readonly ActionName[] = ['gate', 'block', 'unblock'];

/** Opens a desk in a new namespace. */
export async function openDesk(cluster: TestCluster, purpose = 'story'): Promise<Desk> {
  const api = createApiClient(cluster.admin);
  const namespace = `${purpose}-${randomBytes(3).toString('hex')}`;
  const fronts: Front[] = [];
  const surroundings = createSurroundings(cluster, api, namespace);
  const through = async <T extends Front>(opening: Promise<T>) => {
    const front = await opening;
    fronts.push(front);
    return { ...front, kubeconfig: kubeconfigText(front.access, namespace) };
  };
  await api.json({
    method: 'POST',
    path: '/api/v1/namespaces',
    body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  });
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const core = `/api/v1/namespaces/${namespace}`;
  const list = async <T>(path: string, name: string) =>
    (await api.json<{ readonly items: readonly T[] }>({ path: `${path}?labelSelector=app%3D${name}` })).items;
  const deployment = (name = 'web') => api.json<Deployment>({ path: `${apps}/deployments/${name}` });
  const complete = (name = 'web') =>
    eventually(`the rollout of ${name}`, async () => whenComplete(await deployment(name)), PATIENT);
  const kubeconfig = () => kubeconfigText(cluster.admin, namespace);
  return {
    ...{ cluster, namespace, api, surroundings, deployment, complete, kubeconfig },
    byHand: createByHand(api, namespace),
    apply: (manifest) => applyManifest(api, namespace, manifest),
    install: async ({ name = 'web', image = 'rollkey.test/web:1.0', ...rest } = {}) => {
      await applyManifest(api, namespace, webDeployment({ name, image, ...rest }));
      await applyManifest(api, namespace, webService(name));
      await complete(name);
    },
    replicaSets: async (name = 'web') => {
      const { uid } = (await deployment(name)).metadata;
      const found = await list<ReplicaSet>(`${apps}/replicasets`, name);
      return found.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid));
    },
    pods: async (name = 'web') =>
      (await list<Pod>(`${core}/pods`, name)).filter(({ metadata }) => metadata.deletionTimestamp === undefined),
    configMap: async (name) => {
      const { status, text } = await api.send({ path: `${core}/configmaps/${name}` });
      return status === 404 ? undefined : (JSON.parse(text).data ?? {});
    },
    answers: (body, name = 'web') => answersOnly(api, `${core}/services/${name}:80/proxy/`, body),
    kubeconfigFor: async (rules) => kubeconfigText(await grant(cluster, api, namespace, rules), namespace),
    kubeconfigPast: async (meet, answered) => (await through(openCheckpoint(cluster.admin, meet, answered))).kubeconfig,
    kubeconfigCut: async (everyMs) => (await through(openWatchCutter(cluster.admin, everyMs))).kubeconfig,
    kubeconfigThrough: (options) => through(openFaultyFront(cluster.admin, options)),
    sampleAvailability: (name = 'web') => sampleAvailability(api, namespace, name),
    run: (action, inputs, options) => {
      const there = clusterless.includes(action) ? {} : { kubeconfig: kubeconfig(), namespace };
      return runAction(action, { ...options, inputs: { ...there, ...inputs } });
    },
    requestsSince: async (time) =>
      (await cluster.requestsSince(time))?.filter(
        ({ userAgent, path }) => userAgent.startsWith('rollkey/') && path.includes(`/namespaces/${namespace}`),
      ),
    close: async () => {
      await Promise.all(fronts.map((front) => front.close()));
      await surroundings.undo();
      await api.send({ method: 'DELETE', path: `${apps}/deployments` });
      await api.send({ method: 'DELETE', path: `/api/v1/namespaces/${namespace}` });
      api.close();
    },
  };
}

/** As `kubectl rollout status` judges. */
function whenComplete(deployment: Deployment): Deployment | undefined {
  const { spec, status, metadata } = deployment;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, observedGeneration = 0 } = status;
  const observed = observedGeneration >= (metadata.generation ?? 0);
  const all = [replicas, updatedReplicas, availableReplicas].every((count) => count === spec.replicas);
  return observed && all ? deployment : undefined;
}

/** The proxy may still send somebody to a pod that is leaving, so several answers in a row must agree. */
async function answersOnly(api: ApiClient, path: string, body: string): Promise<void> {
  const several = [1, 2, 3, 4, 5];
  let last: readonly string[] = [];
  const asked = async () => {
    const answers = await Promise.all(several.map(() => api.send({ path })));
    last = answers.map(({ status, text }) => (status === 200 ? text : `${status} ${text.slice(0, 200)}`));
    return last.every((text) => text === body) || undefined;
  };
  await eventually(`the answer ${body}`, asked, { timeoutMs: 60_000, intervalMs: 100 }).catch((error: unknown) => {
    throw new Error(`${path} answers ${last.join(' | ')}, not ${body}`, { cause: error });
  });
}
