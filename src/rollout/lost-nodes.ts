import { isControllerRevision } from './controller-revision.ts';
import { daemonSurge, maxSurge } from './max-surge.ts';
import { maxUnavailable } from './max-unavailable.ts';
import type { Deployment, Pod, ReplicaSet } from './objects.ts';
import { isOrdered } from './ordered-ready.ts';
import { keptPods } from './partition.ts';
import { isFinished, isReady } from './pods.ts';
import { type Stranded, strandedPod } from './stranded-pods.ts';

/** A workload and its pods at one moment of a rollout. */
export interface PodsInRollout {
  readonly deployment: Deployment | undefined;
  /** What carries the release's template. */
  readonly carrier: ReplicaSet | undefined;
  /** The release's own pods, and those of the releases before it; undefined where they were not seen. */
  readonly pods: readonly Pod[] | undefined;
  readonly others?: readonly Pod[] | undefined;
}

/**
 * Says which nodes hold a rollout up, where nodes that do not answer explain all that it lacks; undefined where they do
 * not. All else must be well: each pod is there, and every one of the release's that is not stranded is ready. Pods that
 * have ended count nowhere. A StatefulSet's or DaemonSet's waits for as long as the node is neither back nor gone: its pod
 * is not taken away, so none is made in its place, and it uses up what may be unavailable at once (kubernetes/kubernetes,
 * pkg/controller/daemon/update.go, pkg/controller/statefulset/stateful_set_control.go). A Deployment's waits until its
 * pods are evicted, after five minutes unless they say otherwise, and made anew elsewhere.
 */
export function heldByLostNodes(
  { deployment: workload, carrier, ...seen }: PodsInRollout,
  now: number,
): string | undefined {
  const [pods, others] = [seen.pods, seen.others].map((all) => all?.filter((pod) => !isFinished(pod)));
  if (!workload || !carrier || !pods) return undefined;
  if (!isControllerRevision(carrier)) return heldUntilEvicted(workload, carrier, pods, now);
  if (!others) return undefined;
  const stranded = [...pods, ...others].flatMap((pod) => strandedPod(pod, now) ?? []);
  const rest = (all: readonly Pod[]) => all.filter((pod) => !stranded.some((each) => each.pod === pod));
  const [ready, old] = [rest(pods), rest(others)];
  const waiting = old.length - keptPods(workload);
  const isExplained =
    stranded.length > 0 &&
    // Its controller counts one that has ended until it has taken it away.
    pods.length + others.length >= (workload.spec.replicas ?? 1) &&
    areAllThere(workload) &&
    ready.every((pod) => isReady(pod) && !pod.metadata.deletionTimestamp) &&
    old.every((pod) => !pod.metadata.deletionTimestamp) &&
    (waiting <= 0 || waitsFor(workload, stranded, pods)) &&
    !isSuspect(
      stranded.filter(({ pod }) => pods.includes(pod)),
      ready,
    );
  return isExplained ? describe(stranded, 'the rollout goes on by itself') : undefined;
}

/** A pod that was evicted is not waited for: there is another one. */
function heldUntilEvicted(
  deployment: Deployment,
  { spec, status = {} }: ReplicaSet,
  pods: readonly Pod[],
  now: number,
): string | undefined {
  const staying = pods.filter((pod) => !pod.metadata.deletionTimestamp);
  const stranded = staying.flatMap((pod) => strandedPod(pod, now) ?? []);
  const rest = staying.filter((pod) => !stranded.some((each) => each.pod === pod));
  const { replicas: wanted = 1 } = spec;
  const room = maxSurge(deployment.spec) + maxUnavailable(deployment.spec);
  const isExplained =
    stranded.length > 0 &&
    Math.min(status.replicas ?? 0, staying.length) >= wanted &&
    areAllThere(deployment) &&
    rest.every(isReady) &&
    (wanted >= (deployment.spec.replicas ?? 1) || stranded.length >= room) &&
    !isSuspect(stranded, rest);
  return isExplained ? describe(stranded, 'or its pods are evicted, the rollout goes on by itself') : undefined;
}

/** Whether no pod is still to be made, and none is ready that is not available yet. */
function areAllThere({ spec, status = {} }: Deployment): boolean {
  const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = status;
  return replicas >= (spec.replicas ?? 1) && availableReplicas >= readyReplicas;
}

/** Whether the controller replaces no further pod while these do not answer; `own` are the release's pods. */
function waitsFor(workload: Deployment, stranded: readonly Stranded[], own: readonly Pod[]): boolean {
  const { spec } = workload;
  const surge = daemonSurge(spec);
  if (isOrdered(workload)) return true;
  if (surge > 0) return surgedInVain(stranded, own) >= surge;
  return new Set(stranded.map(({ node }) => node)).size >= Math.max(1, maxUnavailable(spec));
}

/**
 * On how many nodes a new pod is beside the old one and does not get ready, which uses up maxSurge. Pods that are leaving
 * do not count (kubernetes/kubernetes, pkg/controller/daemon/update.go, rollingUpdate and findUpdatedPodsOnNode).
 */
function surgedInVain(stranded: readonly Stranded[], own: readonly Pod[]): number {
  const staying = stranded.filter(({ pod }) => !pod.metadata.deletionTimestamp);
  const old = staying.filter(({ pod }) => !own.includes(pod)).map(({ node }) => node);
  return staying.filter(({ pod, node }) => own.includes(pod) && old.includes(node)).length;
}

/**
 * Whether the release may be what took the nodes down: one that dies under it proves nothing where it is ready on
 * another, two may be its work. A pod that only should have left, and was not well before, is not excused by its node.
 */
function isSuspect(own: readonly Stranded[], ready: readonly Pod[]): boolean {
  const died = new Set(own.filter(({ sign }) => sign === 'marked').map(({ node }) => node));
  return own.some(({ sign }) => sign === 'overdue') || died.size > 1 || (died.size === 1 && ready.length === 0);
}

const MOST_NAMED = 3;

function describe(stranded: readonly Stranded[], then: string): string {
  const firsts = new Map(stranded.toReversed().map((each) => [each.node, each]));
  const nodes = [...firsts.keys()].sort();
  const clauses = nodes
    .slice(0, MOST_NAMED)
    .flatMap((node) => firsts.get(node) ?? [])
    .map(clauseOf);
  const more = nodes.length > MOST_NAMED ? [`${nodes.length - MOST_NAMED} more`] : [];
  const them =
    nodes.length === 1 ? `it is back, or removed from the cluster` : 'they are back, or removed from the cluster';
  return `${[...clauses, ...more].join('; ')}; once ${them}, ${then} (kubectl describe node ${nodes[0]})`;
}

function clauseOf({ pod, node, sign, forMs }: Stranded): string {
  const { name, deletionTimestamp } = pod.metadata;
  const seconds = `${Math.round(forMs / 1000)} s`;
  switch (sign) {
    case 'overdue':
      return `node ${node} does not let go of pod ${name}, which should have left it ${seconds} ago`;
    case 'untaken':
      return `node ${node} does not answer: it has not taken pod ${name} for ${seconds}`;
    case 'marked':
      if (!deletionTimestamp) return `node ${node} does not answer: pod ${name} was ready on it until then`;
      return `node ${node} does not answer: pod ${name} ${forMs > 0 ? `should have left it ${seconds} ago` : 'is to leave it'}`;
  }
}
