import { isDeepStrictEqual } from 'node:util';
import { applyJsonPatch } from '../../sandbox/cluster/patch/json-patch.ts';
import { ClusterError } from '../../src/errors.ts';
import type { Cluster, Following, ObjectList } from '../../src/ports.ts';
import { findLive } from '../../src/rollout/history.ts';
import { CHANGE_CAUSE, REVISION } from '../../src/rollout/marks.ts';
import type { ContainerStatus, Deployment, KubernetesObject, Pod, ReplicaSet } from '../../src/rollout/objects.ts';
import { createFaults, type Faults } from './faults.ts';
import { createMemoryNeighbours, type MemoryNeighbours } from './memory-neighbours.ts';
import { draft, failingPod } from './memory-objects.ts';
import { createMemoryTraces, type MemoryTraces } from './memory-traces.ts';

type Call =
  | 'get'
  | 'list'
  | 'list pods'
  | 'delete pod'
  | 'patch'
  | 'rehearse'
  | 'exists'
  | 'events'
  | 'log'
  | 'follow workload'
  | 'follow revisions'
  | 'follow pods';

export interface MemoryCluster extends Cluster, MemoryNeighbours, MemoryTraces {
  readonly faults: Faults<Call>;
  /** Names of Deployments whose rollouts nobody completes. */
  readonly idle: Set<string>;
  readonly missing: Set<string>;
  /** Images whose pods never get available: the states of the one new pod that is made, in its container `app`. */
  readonly broken: Map<string, ContainerStatus>;
  install(deployment: Deployment, replicaSets: readonly ReplicaSet[]): void;
  deployment(name: string): Deployment;
  objects(name: string): { readonly deployment: Deployment; readonly replicaSets: readonly ReplicaSet[] };
  /** As a history limit of 0 does: only the live ReplicaSet stays. */
  prune(name: string): void;
  /** Writes as somebody else would: a change of the spec moves the generation. */
  change(name: string, change: (deployment: Deployment) => Deployment): void;
  remove(name: string): void;
  putPods(pods: readonly Pod[]): void;
  /** Every pod of a complete Deployment stops serving; one shows why. */
  crash(name: string, status: ContainerStatus): void;
  /** How many follow something now. */
  followers(): number;
}

/** A cluster in memory: JSON patches, generations, and a controller that completes rollouts at once. */
export function createMemoryCluster(): MemoryCluster {
  const deployments = new Map<string, Deployment>();
  const replicaSets = new Map<string, ReplicaSet>();
  let pods: readonly Pod[] = [];
  let version = 1000;
  let made = 1;
  let followers = 0;
  const waiting = new Set<() => void>();
  const faults = createFaults<Call>();
  const [idle, missing] = [new Set<string>(), new Set<string>()];
  const broken = new Map<string, ContainerStatus>();
  const failed = new Map<string, Pod>();

  const changed = () => {
    for (const wake of [...waiting]) wake();
  };
  const get = (name: string) => {
    const found = deployments.get(name);
    if (!found) throw new ClusterError('not-found', `deployment shop/${name}: not found; check its name and namespace`);
    return found;
  };
  const ownedBy = ({ metadata }: Deployment) =>
    [...replicaSets.values()].filter((set) => set.metadata.ownerReferences?.[0]?.uid === metadata.uid);
  const store = (before: Deployment, after: Deployment) => {
    const moved = isDeepStrictEqual(before.spec, after.spec) ? 0 : 1;
    const generation = (before.metadata.generation ?? 0) + moved;
    const next = { ...after, metadata: { ...after.metadata, generation, resourceVersion: String(++version) } };
    deployments.set(next.metadata.name, next);
    if (!idle.has(next.metadata.name)) reconcile(next);
    changed();
    return next;
  };
  const reconcile = (deployment: Deployment) => {
    const { name, generation = 0, annotations = {} } = deployment.metadata;
    const owned = ownedBy(deployment);
    const live = findLive(deployment.spec.template, owned) ?? draft(deployment, ++made, String(++version));
    const count = deployment.spec.replicas ?? 1;
    const failing = broken.get(live.spec.template.spec.containers[0]?.image ?? '');
    const numberOf = (set: ReplicaSet) => Number(set.metadata.annotations?.[REVISION] ?? 0);
    const others = owned.filter((set) => set !== live).map(numberOf);
    // A ReplicaSet that is used again becomes the newest revision.
    const number = Math.max(numberOf(live), ...others.map((other) => other + 1), 1);
    for (const set of [...owned, live]) {
      const current = set.metadata.uid === live.metadata.uid;
      const available = current === (failing === undefined) ? count : 0;
      const marks = { [REVISION]: String(number), [CHANGE_CAUSE]: annotations[CHANGE_CAUSE] ?? '' };
      const metadata = { ...set.metadata, annotations: current ? marks : (set.metadata.annotations ?? {}) };
      replicaSets.set(set.metadata.uid, { ...set, metadata, status: { availableReplicas: available } });
    }
    const status = {
      observedGeneration: generation,
      replicas: failing ? count + 1 : count,
      updatedReplicas: failing ? 1 : count,
      availableReplicas: count,
    };
    if (failing) failed.set(name, failingPod(live, failing));
    else failed.delete(name);
    deployments.set(name, { ...deployment, status });
  };
  const podsOf = (selector: string) =>
    [...failed].flatMap(([name, pod]) => (selector.startsWith(`app=${name},`) ? [pod] : []));
  const select = (following: Following): readonly KubernetesObject[] => {
    switch (following.resource) {
      case 'pods':
        return [...pods, ...podsOf(following.labelSelector)];
      case 'revisions':
        return [...replicaSets.values()].filter(
          ({ metadata }) => `app=${metadata.labels?.['app']}` === following.labelSelector,
        );
      default:
        return [deployments.get(following.ref.name)].filter((found) => found !== undefined);
    }
  };

  return {
    ...createMemoryNeighbours(),
    ...createMemoryTraces(faults),
    ...{ faults, idle, missing, broken },
    install(deployment, sets) {
      deployments.set(deployment.metadata.name, deployment);
      for (const set of sets) replicaSets.set(set.metadata.uid, set);
    },
    deployment: get,
    objects: (name) => ({ deployment: get(name), replicaSets: ownedBy(get(name)) }),
    prune(name) {
      const live = findLive(get(name).spec.template, ownedBy(get(name)));
      for (const set of ownedBy(get(name))) if (set !== live) replicaSets.delete(set.metadata.uid);
    },
    change: (name, change) => void store(get(name), change(get(name))),
    remove(name) {
      deployments.delete(name);
      changed();
    },
    putPods(next) {
      pods = next;
      changed();
    },
    crash(name, status) {
      const { metadata, ...deployment } = get(name);
      const owned = ownedBy(get(name));
      const live = findLive(deployment.spec.template, owned);
      if (!live) throw new Error(`${name} has no ReplicaSet`);
      for (const set of owned) replicaSets.set(set.metadata.uid, { ...set, status: { availableReplicas: 0 } });
      failed.set(name, failingPod(live, status));
      const stopped = { ...deployment.status, availableReplicas: 0 };
      const next = { ...metadata, resourceVersion: String(++version) };
      deployments.set(name, { ...deployment, metadata: next, status: stopped });
      changed();
    },
    followers: () => followers,
    async getWorkload({ name }) {
      faults.meet('get');
      return get(name);
    },
    async listRevisions(ref, labelSelector) {
      faults.meet('list');
      const items = select({ resource: 'revisions', ref, labelSelector }) as readonly ReplicaSet[];
      return { items, resourceVersion: String(version) };
    },
    async listPods(_namespace, labelSelector) {
      faults.meet('list pods');
      return { items: [...pods, ...podsOf(labelSelector)], resourceVersion: String(version) };
    },
    async patchWorkload({ name }, patch, options) {
      faults.meet(options?.dryRun ? 'rehearse' : 'patch');
      const before = get(name);
      try {
        // As it comes over the wire, so that it is an object of the tests' own realm.
        const after = JSON.parse(JSON.stringify(applyJsonPatch(before, patch))) as Deployment;
        return options?.dryRun ? after : store(before, after);
      } catch (error) {
        throw new ClusterError('conflict', `deployment shop/${name}: somebody else changed it`, { cause: error });
      }
    },
    async deletePod({ metadata: { uid } }) {
      faults.meet('delete pod');
      pods = pods.filter(({ metadata }) => metadata.uid !== uid);
      changed();
    },
    async exists(resource, _namespace, name) {
      faults.meet('exists');
      return missing.has(`${resource}/${name}`) ? 'no' : 'yes';
    },
    async *follow<T extends KubernetesObject>(following: Following, signal: AbortSignal, known?: ObjectList<T>) {
      faults.meet(`follow ${following.resource}`);
      followers += 1;
      try {
        let last: unknown = known?.items;
        if (known) yield known.items;
        while (!signal.aborted) {
          const items = select(following) as readonly T[];
          const same = isDeepStrictEqual(items, last);
          last = items;
          if (!same) yield items;
          else await nextChange(waiting, signal);
        }
      } finally {
        followers -= 1;
      }
    },
  };
}

function nextChange(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      waiting.delete(wake);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    waiting.add(wake);
    signal.addEventListener('abort', wake, { once: true });
  });
}
