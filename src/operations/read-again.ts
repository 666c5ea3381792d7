import { ClusterError } from '../errors.ts';
import type { Cluster } from '../ports.ts';
import { isControllerRevision } from '../rollout/controller-revision.ts';
import { findCarrier, ownRevisions } from '../rollout/history.ts';
import type { Deployment, Pod } from '../rollout/objects.ts';
import { podInTheWay, podsOf, podsToSee } from '../rollout/ordered-ready.ts';
import { countReadyBeside, labelSelector } from '../rollout/pods.ts';
import { sameTemplate } from '../rollout/template.ts';
import type { Observation, Observed } from './observe.ts';
import { refusalAgain } from './watch-refusals.ts';

/** What is held against a release must be true now: a watch that lags or fell silent proves nothing. Throws ClusterError. */
export async function readAgain(
  cluster: Cluster,
  { ref, deployment: ours, template }: Observed,
  last: Observation,
): Promise<Observation> {
  const selector = labelSelector(ours);
  const [deployment, { items: replicaSets }] = await Promise.all([
    cluster.getWorkload(ref).catch(absent),
    cluster.listRevisions(ref, selector),
  ]);
  if (!deployment) return { ...last, deployment };
  const owned = ownRevisions(deployment, replicaSets);
  const carrier = findCarrier((other) => sameTemplate(other, template), owned);
  const isSet = carrier !== undefined && isControllerRevision(carrier);
  const { arePodsHidden = false } = last;
  const toSee = isSet ? selector : carrier && podsToSee(selector, deployment, carrier);
  const list = toSee && !arePodsHidden ? await cluster.listPods(ref.namespace, toSee).catch(hidden) : undefined;
  const inTheWay = last.inTheWay && list ? podInTheWay(deployment, carrier, list.items) : last.inTheWay;
  const pods = list && podsOf(carrier, list.items);
  const others = isSet ? list?.items.filter((pod) => isOwned(pod, deployment) && !pods?.includes(pod)) : undefined;
  const shown = await refusalAgain(cluster, ref, last, { deployment, carrier, pods, written: ours });
  const readyBeside = isSet ? countReadyBeside(deployment, list?.items, pods) : undefined;
  return { deployment, replicaSets, carrier: shown, pods, arePodsHidden, others, readyBeside, inTheWay };
}

function isOwned({ metadata }: Pod, workload: Deployment): boolean {
  return metadata.ownerReferences?.some(({ uid }) => uid === workload.metadata.uid) ?? false;
}

function absent(error: unknown): undefined {
  if (!(error instanceof ClusterError && error.kind === 'not-found')) throw error;
}

/** Pods that may be watched but not read again prove nothing; what is counted of them does, at the deadline. */
function hidden(error: unknown): undefined {
  if (!(error instanceof ClusterError && error.kind === 'forbidden')) throw error;
}
