import { ClusterError } from '../errors.ts';
import type { Clock, Cluster, Following, Log, ObjectList, WorkloadRef } from '../ports.ts';
import { findCarrier, ownRevisions } from '../rollout/history.ts';
import type { Deployment, Pod, PodTemplate, ReplicaSet } from '../rollout/objects.ts';
import { isOrdered, type PodInTheWay, podInTheWay, podsOf, podsToSee } from '../rollout/ordered-ready.ts';
import { countReadyBeside, labelSelector } from '../rollout/pods.ts';
import { templateMatcher } from '../rollout/template.ts';
import { createRemoval } from './remove-pod.ts';
import { watchRefusals } from './watch-refusals.ts';

/** A rollout's objects at one moment. */
export interface Observation {
  /** Undefined once it was deleted. */
  readonly deployment: Deployment | undefined;
  readonly replicaSets: readonly ReplicaSet[];
  /** The ReplicaSet that carries the template, once the controller has made it. */
  readonly carrier: ReplicaSet | undefined;
  /** The carrier's pods; undefined until they were seen, and where there is no right to see them. */
  readonly pods: readonly Pod[] | undefined;
  /** Whether there is no right to see them. */
  readonly arePodsHidden?: boolean;
  /** The workload's other pods; undefined where they were not read, which they are only where it may matter. */
  readonly others?: readonly Pod[] | undefined;
  /** How many of those are ready; undefined where they are not seen. */
  readonly readyBeside?: number | undefined;
  /** Where nobody takes it away. */
  readonly inTheWay?: PodInTheWay | undefined;
}

export interface Observed {
  readonly ref: WorkloadRef;
  /** As the write answered: the watch goes on from there, so that nothing is read twice. */
  readonly deployment: Deployment;
  readonly replicaSets: ObjectList<ReplicaSet>;
  readonly template: PodTemplate;
  /** Whether the release that is left is known to have failed. */
  readonly leftFailed?: boolean;
  /** Whether to delete a pod of it that is in the way. */
  readonly forced?: boolean;
}

/**
 * Calls `onChange` with the workload, its revisions and the pods of the new one whenever any of them changes, until
 * `signal` aborts. Rejects with ClusterError when the API refuses for good.
 */
export async function observe(
  ports: { readonly cluster: Cluster; readonly clock: Clock; readonly log: Log },
  observed: Observed,
  signal: AbortSignal,
  onChange: (observation: Observation) => void,
): Promise<void> {
  const { cluster, log } = ports;
  const { ref } = observed;
  const { namespace } = ref;
  const selector = labelSelector(observed.deployment);
  const matches = templateMatcher(observed.template);
  const over = Promise.withResolvers<void>();
  const removal = createRemoval(ports, observed, signal, { onChange: () => update({}), onFailed: over.reject });
  const refusals = watchRefusals(ports, observed, signal, { onRead: () => update({}), onFailed: over.reject });
  let now = beforeNews(observed);
  let seen: readonly Pod[] | undefined;
  let following = false;

  const update = (part: Partial<Observation>) => {
    const { deployment, replicaSets } = { ...now, ...part };
    const owned = deployment ? ownRevisions(deployment, replicaSets) : [];
    const counted = findCarrier(matches, owned);
    const own = seen && podsOf(counted, seen);
    const carrier = deployment && refusals.shownOn(deployment, counted, own);
    const inTheWay = deployment && removal.leaves(podInTheWay(deployment, carrier, seen ?? []));
    const readyBeside = deployment && isOrdered(deployment) ? countReadyBeside(deployment, seen, own) : undefined;
    now = { ...now, ...part, carrier, pods: own, readyBeside, inTheWay };
    onChange(now);
    const toSee = deployment && carrier && podsToSee(selector, deployment, carrier);
    if (!toSee || following) return;
    following = true;
    watchPods({ resource: 'pods', namespace, labelSelector: toSee }).catch(over.reject);
  };
  const watchPods = async (toSee: Following) => {
    try {
      for await (const items of cluster.follow<Pod>(toSee, signal)) {
        seen = items;
        update({});
      }
    } catch (error) {
      if (!(error instanceof ClusterError && error.kind === 'forbidden')) throw error;
      log.warn(`${error.message}; going on without the pods' states`);
      update({ arePodsHidden: true });
    }
  };
  const watchWorkload = async () => {
    const known = { items: [observed.deployment], resourceVersion: observed.deployment.metadata.resourceVersion };
    const one: Following = { resource: 'workload', ref };
    for await (const [deployment] of cluster.follow<Deployment>(one, signal, known)) update({ deployment });
  };
  const watchRevisions = async () => {
    const ours: Following = { resource: 'revisions', ref, labelSelector: selector };
    for await (const replicaSets of cluster.follow<ReplicaSet>(ours, signal, observed.replicaSets))
      update({ replicaSets });
  };
  signal.addEventListener('abort', () => over.resolve(), { once: true });
  await Promise.all([watchWorkload(), watchRevisions(), over.promise]);
}

/** What is known before anything is told: the objects as they were read and written. */
export function beforeNews({ deployment, replicaSets }: Observed): Observation {
  return { deployment, replicaSets: replicaSets.items, carrier: undefined, pods: undefined };
}
