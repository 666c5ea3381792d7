import type { Desk } from '../../sandbox/desk/desk.ts';
import { eventually, PATIENT } from '../../sandbox/desk/eventually.ts';
import { webDeployment, webService } from '../../sandbox/desk/web-workload.ts';
import type { Ledger } from '../../src/release/ledger.ts';
import type { ControllerRevision } from '../../src/rollout/controller-revision.ts';
import { type DaemonSet, fromDaemonSet } from '../../src/rollout/daemon-set.ts';
import type { Deployment, Pod } from '../../src/rollout/objects.ts';
import { fromStatefulSet, type StatefulSet } from '../../src/rollout/stateful-set.ts';
import { type Inputs, type Options, roll } from './story.ts';

export type Kind = 'statefulset' | 'daemonset';

const KINDS = { statefulset: 'StatefulSet', daemonset: 'DaemonSet' } as const;

/** A set of web pods named for its kind: `db` or `agent`. */
export const NAMES = { statefulset: 'db', daemonset: 'agent' } as const;

/** Applies a set with its Service, under change-cause 1.0, and waits until it is complete. */
export async function installSet(
  desk: Desk,
  kind: Kind,
  image: string,
  spec: object = {},
  podSpec: object = {},
): Promise<void> {
  const name = NAMES[kind];
  const annotations = { 'kubernetes.io/change-cause': '1.0' };
  const { spec: common, ...manifest } = webDeployment({ name, image, annotations, podSpec });
  const { strategy: _strategy, replicas: _replicas, ...shared } = common;
  const own = kind === 'statefulset' ? { replicas: 3, serviceName: name } : {};
  await desk.apply({ ...manifest, kind: KINDS[kind], spec: { ...shared, ...own, ...spec } });
  await desk.apply(webService(name));
  await completeSet(desk, kind);
}

/** Runs the root action on the set of this kind, without the window after it. */
export function rollSet(desk: Desk, kind: Kind, inputs: Inputs, options: Options = {}) {
  return roll(desk, { deployment: `${kind}/${NAMES[kind]}`, ...inputs }, options);
}

/** The set as the API serves it, in a Deployment's shape. */
export async function readSet(desk: Desk, kind: Kind): Promise<Deployment> {
  const path = `/apis/apps/v1/namespaces/${desk.namespace}/${kind}s/${NAMES[kind]}`;
  return kind === 'statefulset'
    ? fromStatefulSet(await desk.api.json<StatefulSet>({ path }))
    : fromDaemonSet(await desk.api.json<DaemonSet>({ path }));
}

/** The image that its template names. */
export async function imageOfSet(desk: Desk, kind: Kind): Promise<string | undefined> {
  return (await readSet(desk, kind)).spec.template.spec.containers[0]?.image;
}

/** Waits until all pods of the set are of its template and available. */
export function completeSet(desk: Desk, kind: Kind): Promise<Deployment> {
  const whenComplete = async () => {
    const set = await readSet(desk, kind);
    const { observedGeneration = 0, replicas, updatedReplicas, availableReplicas } = set.status ?? {};
    const all = [replicas, updatedReplicas, availableReplicas].every((count) => count === set.spec.replicas);
    return observedGeneration >= (set.metadata.generation ?? 0) && all && set.spec.replicas !== 0 ? set : undefined;
  };
  return eventually(`the rollout of ${kind}/${NAMES[kind]}`, whenComplete, PATIENT);
}

/** Its ControllerRevisions by number: `1: 1.0`, as `kubectl rollout history` shows them. */
export async function revisionsOfSet(desk: Desk, kind: Kind): Promise<Readonly<Record<number, string>>> {
  const path = `/apis/apps/v1/namespaces/${desk.namespace}/controllerrevisions?labelSelector=app%3D${NAMES[kind]}`;
  const { items } = await desk.api.json<{ readonly items: readonly ControllerRevision[] }>({ path });
  return Object.fromEntries(
    items.map(({ revision, metadata }) => [revision, metadata.annotations?.['kubernetes.io/change-cause'] ?? '']),
  );
}

/** Changes the set as `kubectl patch` does. */
export async function patchSet(desk: Desk, kind: Kind, patch: object): Promise<void> {
  await desk.api.json({
    method: 'PATCH',
    path: `/apis/apps/v1/namespaces/${desk.namespace}/${kind}s/${NAMES[kind]}?fieldManager=kubectl-patch`,
    contentType: 'application/strategic-merge-patch+json',
    body: patch,
  });
}

/** Puts an image in as `kubectl set image` does, and waits until a pod has it and was started again. */
export async function breakByHand(desk: Desk, kind: Kind, image: string): Promise<void> {
  await patchSet(desk, kind, { spec: { template: { spec: { containers: [{ name: 'web', image }] } } } });
  const crashed = async () => {
    const crashes = (await podsOfSet(desk, kind)).filter((pod) => {
      const [state] = pod.status?.containerStatuses ?? [];
      return pod.spec?.containers?.[0]?.image === image && (state?.restartCount ?? 0) > 0;
    });
    return crashes[0];
  };
  await eventually('a pod that crashes', crashed, PATIENT);
}

export async function podsOfSet(desk: Desk, kind: Kind): Promise<readonly Pod[]> {
  const path = `/api/v1/namespaces/${desk.namespace}/pods?labelSelector=app%3D${NAMES[kind]}`;
  const { items } = await desk.api.json<{ readonly items: readonly Pod[] }>({ path });
  return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

export async function deletePod(desk: Desk, name: string): Promise<void> {
  await desk.api.json({ method: 'DELETE', path: `/api/v1/namespaces/${desk.namespace}/pods/${name}` });
}

/** The ledger of the set; undefined where there is none. */
export async function ledgerOfSet(desk: Desk, kind: Kind): Promise<Ledger | undefined> {
  const data = await desk.configMap(`rollkey.${kind}.${NAMES[kind]}`);
  return data?.['ledger.json'] === undefined ? undefined : JSON.parse(data['ledger.json']);
}
