import { isControllerRevision } from './controller-revision.ts';
import { CONTROLLER_REVISION_HASH } from './marks.ts';
import type { ContainerStatus, Deployment, Pod, ReplicaSet } from './objects.ts';
import { firstReplaced, keptPods } from './partition.ts';
import { isFinished, isReady, podSelector } from './pods.ts';
import type { RolloutStatus } from './status.ts';
import { isMarked } from './stranded-pods.ts';

/** A pod that a StatefulSet's controller waits for before it replaces any. */
export interface PodInTheWay {
  readonly pod: Pod;
  /**
   * `stuck`: it shows that it does not get ready by itself. `lost`: it was well until its node stopped answering, and is
   * so again when the node is back. `unready`: it may just be starting. `kept`: it has the release that it is to have.
   */
  readonly sign: 'stuck' | 'lost' | 'unready' | 'kept';
}

/** Whether the pods of a StatefulSet wait for one another, and so for those of a release that is left. */
export function isOrdered({ spec }: Deployment): boolean {
  return spec.podManagementPolicy === 'OrderedReady';
}

/** Whether it would help to delete it: made anew, it is of the release that is rolled. */
export function isDeletable({ sign }: PodInTheWay): boolean {
  return sign !== 'lost' && sign !== 'kept';
}

/** Which pods to see of a rollout: its own, and those that it may have to wait for. */
export function podsToSee(ofWorkload: string, workload: Deployment, carrier: ReplicaSet): string | undefined {
  return isOrdered(workload) ? ofWorkload : podSelector(ofWorkload, carrier);
}

/** Those of the pods that are of this revision. */
export function podsOf(carrier: ReplicaSet | undefined, pods: readonly Pod[]): readonly Pod[] {
  return pods.filter((pod) => !carrier || !isControllerRevision(carrier) || isOf(carrier, pod));
}

/**
 * The first pod in order that is not ready, where it is of another revision than the one that is rolled: its controller
 * replaces no pod before that one is ready, so a broken release holds up whatever is to come after it
 * (https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback). One that leaves or has ended
 * is made anew; one that a partition keeps is to stay, and in the way as long as pods lack above it.
 */
export function podInTheWay(
  workload: Deployment,
  carrier: ReplicaSet | undefined,
  pods: readonly Pod[],
): PodInTheWay | undefined {
  const { metadata, status } = workload;
  const isSeen = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  if (!isOrdered(workload) || !carrier || !isSeen || status?.updateRevision !== carrier.metadata.name) return undefined;
  const own = pods
    .filter((each) => each.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid))
    .sort((a, b) => ordinalOf(a) - ordinalOf(b));
  const pod = own.find((each) => !isReady(each));
  if (!pod || pod.metadata.deletionTimestamp !== undefined || isFinished(pod) || isOf(carrier, pod)) return undefined;
  if (ordinalOf(pod) >= firstReplaced(workload.spec)) return { pod, sign: signOf(pod) };
  const lacking = (workload.spec.replicas ?? 1) - keptPods(workload) - podsOf(carrier, own).length;
  return lacking > 0 ? { pod, sign: isMarked(pod) ? 'lost' : 'kept' } : undefined;
}

/**
 * Whether a pod was ready until a moment ago, and so may be again in the next one. The kubelet says that a pod is not ready
 * when it takes it, and the time of that stays until it is (kubernetes/kubernetes, pkg/kubelet/status/status_manager.go).
 * `now` is in milliseconds since the epoch.
 */
export function wasJustReady({ status: { conditions = [], startTime = '' } = {} }: Pod, now: number): boolean {
  const { lastTransitionTime = '' } = conditions.find(({ type }) => type === 'Ready') ?? {};
  const since = Date.parse(lastTransitionTime);
  return since > Date.parse(startTime) && now - since < MOMENT_MS;
}

/** How far a rollout is where a pod may be in its way; `leftFailed`: that pod's release is known to have failed. */
export function heldUp(
  status: RolloutStatus,
  inTheWay: PodInTheWay | undefined,
  leftFailed: boolean | undefined,
): RolloutStatus {
  if (!inTheWay || status.state !== 'progressing') return status;
  const { pod, sign } = inTheWay;
  const which = sign === 'kept' ? ', which a partition keeps' : ' of another release';
  const waits = 'which is not ready and which the controller waits for (OrderedReady)';
  const message = `held up by pod ${pod.metadata.name}${which}, ${waits}: ${adviceOn(inTheWay)}`;
  return sign === 'stuck' || (sign === 'unready' && leftFailed)
    ? { state: 'held-up', message }
    : { state: 'progressing', message: `${status.message}; ${message}`, isHeldUp: true };
}

function adviceOn({ pod: { metadata, spec }, sign }: PodInTheWay): string {
  switch (sign) {
    case 'lost':
      return `its node ${spec?.nodeName} does not answer`;
    case 'kept':
      return 'it has to get ready';
    default:
      return `delete it (kubectl delete pod ${metadata.name} -n ${metadata.namespace}), or set forced-rollback: true`;
  }
}

/** Milliseconds. */
const MOMENT_MS = 60_000;
const STARTING: readonly string[] = ['ContainerCreating', 'PodInitializing'];

function isOf({ metadata }: ReplicaSet, pod: Pod): boolean {
  return pod.metadata.labels?.[CONTROLLER_REVISION_HASH] === metadata.labels?.[CONTROLLER_REVISION_HASH];
}

function ordinalOf({ metadata }: Pod): number {
  return Number(/\d+$/.exec(metadata.name)?.[0] ?? 0);
}

function signOf(pod: Pod): PodInTheWay['sign'] {
  if (isMarked(pod)) return 'lost';
  return isStuck(pod) ? 'stuck' : 'unready';
}

function isStuck({ status = {} }: Pod): boolean {
  const { conditions = [], initContainerStatuses = [], containerStatuses = [] } = status;
  return (
    conditions.some(({ type, status: value }) => type === 'PodScheduled' && value === 'False') ||
    [...initContainerStatuses, ...containerStatuses].some(isBroken)
  );
}

/** That it restarted once tells nothing: one that crashes again and again waits longer each time, and shows it. */
function isBroken({ state = {} }: ContainerStatus): boolean {
  const waits = state.waiting !== undefined && !STARTING.includes(state.waiting.reason ?? '');
  return waits || (state.terminated?.exitCode ?? 0) !== 0;
}
