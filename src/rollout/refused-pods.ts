import { isControllerRevision } from './controller-revision.ts';
import { timeOf } from './event-time.ts';
import { surges } from './max-surge.ts';
import type { ClusterEvent, Condition, Deployment, Pod, ReplicaSet } from './objects.ts';
import { firstReplaced } from './partition.ts';

/** What is known of a set's attempts to make pods, and since when they are about its template. */
export interface Told {
  readonly events: readonly ClusterEvent[];
  /** The revision's pods that are there; undefined where they were not seen. */
  readonly own?: readonly Pod[] | undefined;
  /** Milliseconds since the epoch, by the cluster's clock. */
  readonly since: number;
}

/**
 * How many pods of a set are still to be made; 0 for a ReplicaSet, which says itself what keeps them from it. `own` are
 * those of the revision: where a DaemonSet surges, its status leaves out new ones for as long as the old one is there.
 */
export function lackingPods(
  { spec, status = {} }: Deployment,
  carrier: ReplicaSet | undefined,
  own: readonly Pod[] = [],
): number {
  if (!carrier || !isControllerRevision(carrier)) return 0;
  const { replicas = 0, updatedReplicas = 0 } = status;
  const there = surges(spec) ? Math.max(updatedReplicas, own.length) : replicas;
  return Math.max(0, (spec.replicas ?? 1) - there);
}

/**
 * The revision with the condition that a ReplicaSet would have, and with the pods that it should have: the controllers
 * of sets tell only by events that no pod can be made (kubernetes/kubernetes, statefulset/stateful_pod_control.go,
 * recordPodEvent; controller_utils.go, createPods). As it is where they told of none, or of one that was made later, which
 * a pod shows that is there.
 */
export function withRefusal<R extends ReplicaSet | undefined>(
  workload: Deployment,
  carrier: R,
  lacking: number,
  told: Told,
): R {
  const condition = lacking > 0 ? refusedPods(workload, told) : undefined;
  if (!carrier || !condition) return carrier;
  const { spec, status = {} } = carrier;
  const replicas = (status.replicas ?? 0) + lacking;
  return { ...carrier, spec: { ...spec, replicas }, status: { ...status, conditions: [condition] } };
}

/** Whether it is shown with such a condition. */
export function isRefused(carrier: ReplicaSet | undefined): boolean {
  const conditions = carrier && isControllerRevision(carrier) ? carrier.status?.conditions : undefined;
  return (conditions ?? []).length > 0;
}

/** When the template was written, by the API server's clock; in the future where nobody knows. */
export function writtenAt({ metadata }: Deployment): number {
  const writes = (metadata.managedFields ?? []).filter(({ subresource, time }) => !subresource && time);
  return writes.length > 0 ? Math.max(...writes.map(({ time = '' }) => Date.parse(time))) : Number.POSITIVE_INFINITY;
}

/** One attempt to make a pod. */
interface Attempt {
  /** Of a StatefulSet, whose pods have the same names again; empty for a DaemonSet. */
  readonly pod: string;
  readonly at: number;
  /** What the API server said; undefined where it made the pod. */
  readonly refusal: string | undefined;
}

/** The newest refusal of a pod of the template that has not been made since. */
function refusedPods(workload: Deployment, { events, own = [], since }: Told): Condition | undefined {
  const told = events.flatMap((event) => attemptOf(event) ?? []);
  const attempts = [...told, ...own.flatMap((pod) => made(workload, pod))].filter(({ pod }) =>
    isOfTemplate(workload, pod),
  );
  const last = [...Map.groupBy(attempts, ({ pod }) => pod).values()].map(lastOf);
  const [newest] = last.filter(({ at, refusal }) => refusal !== undefined && at >= since).sort((a, b) => b.at - a.at);
  return newest?.refusal === undefined
    ? undefined
    : { type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: newest.refusal };
}

/** Events tell seconds: of a pod that was made within the same one, nothing is held against it. */
function lastOf(attempts: readonly Attempt[]): Attempt {
  return attempts.reduce((last, next) =>
    next.at > last.at || (next.at === last.at && next.refusal === undefined) ? next : last,
  );
}

/**
 * The attempt that a pod is proof of. Its event may be missing, since recorders drop what they have too much of about one
 * object, and combine what is much alike (client-go, tools/record/events_cache.go).
 */
function made({ spec }: Deployment, { metadata: { name, creationTimestamp } }: Pod): readonly Attempt[] {
  const at = Date.parse(creationTimestamp ?? '');
  const pod = spec.podManagementPolicy === undefined ? '' : name;
  return Number.isNaN(at) ? [] : [{ pod, at, refusal: undefined }];
}

/** Recorders that said much alike put this before the newest of it (client-go, tools/record/events_cache.go). */
const COMBINED = '(combined from similar events): ';

function attemptOf(event: ClusterEvent): Attempt | undefined {
  const { reason, message = '' } = event;
  if (reason !== 'FailedCreate' && reason !== 'SuccessfulCreate') return undefined;
  const said = message.startsWith(COMBINED) ? message.slice(COMBINED.length) : message;
  const ofStatefulSet = /^create pod (\S+) in statefulset \S+ (?:successful$|failed error: (.*))/is.exec(said);
  const ofDaemonSet = /^(?:created pod: |error creating: (.*))/is.exec(said);
  if (ofStatefulSet) return { pod: ofStatefulSet[1] ?? '', at: timeOf(event), refusal: ofStatefulSet[2] };
  return ofDaemonSet ? { pod: '', at: timeOf(event), refusal: ofDaemonSet[1] } : undefined;
}

/** A partition keeps the pods below it on the template that they had, also those that are made anew. */
function isOfTemplate({ spec }: Deployment, pod: string): boolean {
  if (pod === '') return true;
  const ordinal = Number(/\d+$/.exec(pod)?.[0] ?? 0);
  return ordinal >= firstReplaced(spec) && ordinal < (spec.ordinals?.start ?? 0) + (spec.replicas ?? 1);
}
