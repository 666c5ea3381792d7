import { isControllerRevision } from './controller-revision.ts';
import type { Deployment, Pod, ReplicaSet } from './objects.ts';
import { keptPods } from './partition.ts';
import { countReady } from './pods.ts';
import { changedTemplate, isCounted, isObserved, type RolloutStatus, type RolloutTarget } from './status.ts';

/** Nothing is left of such a canary but the note of it. */
export const SCALED_TO_NONE = 'it was scaled to 0 while one was held; scale it up, or abort the canary';

/** How many pods a canary is to have. */
export interface CanaryTarget {
  readonly canaryPods: number;
  /** Whether it stands already and is only looked at: then nobody brings back pods of it that somebody's scaling took. */
  readonly isHeld?: boolean | undefined;
}

/** Its own pods; undefined where they were not seen. */
export interface CanaryPods {
  readonly pods?: readonly Pod[] | undefined;
}

/**
 * How far a canary of so many pods is. It is never done by being available, which its gate prevents: its ReplicaSet has
 * to have the pods, and every one to be ready. More of them than were asked for, or fewer, are somebody's scaling, and
 * count; a pause moves none.
 */
export function canaryStatus(
  deployment: Deployment,
  carrier: ReplicaSet | undefined,
  target: RolloutTarget & CanaryTarget & CanaryPods,
): RolloutStatus {
  const superseded = changedTemplate(deployment, target);
  if (superseded) return superseded;
  if (!isObserved(deployment, target))
    return { state: 'progressing', message: 'waiting for the controller to see the change' };
  const gone = scaledAway(deployment, carrier, target);
  if (gone !== undefined) return { state: 'held-up', message: gone };
  const ready = readyPods(deployment, carrier, target);
  const { wanted, counted, stands } = standingOf(carrier, ready, canarySize(deployment, carrier, target));
  const old = Math.max(0, (deployment.status?.replicas ?? 0) - (deployment.status?.updatedReplicas ?? 0));
  const message = `${counted} of ${wanted} canary ${wanted === 1 ? 'pod' : 'pods'} ready, ${old} old beside`;
  return stands ? { state: 'done', verified: true, message } : { state: 'progressing', message };
}

/**
 * How many pods a canary is to have as it is scaled now: no more than the workload can have of it (deployment_util.go,
 * NewRSNewReplicas). A held one's ReplicaSet is scaled itself; a ControllerRevision only counts the pods that are there, so
 * a StatefulSet's own size tells.
 */
export function canarySize(
  deployment: Deployment,
  carrier: ReplicaSet | undefined,
  { canaryPods, isHeld }: CanaryTarget,
): number {
  const { replicas = 1, updateStrategy } = deployment.spec;
  if (updateStrategy) return Math.min(canaryPods, replicas - keptPods(deployment));
  const scaled = isHeld && carrier ? (carrier.spec.replicas ?? 0) : canaryPods;
  return Math.min(canaryPods, replicas, scaled);
}

/** What to say of a canary that somebody's scaling left no pod; undefined where it has some, or is to get some. */
export function scaledAway(
  deployment: Deployment,
  carrier: ReplicaSet | undefined,
  target: CanaryTarget,
): string | undefined {
  if (canarySize(deployment, carrier, target) > 0) return undefined;
  const { replicas = 1 } = deployment.spec;
  if (!target.isHeld)
    return `without a pod: scaling to ${replicas} left its canary none while it grew; scale it up, or abort the canary`;
  return replicas === 0 ? SCALED_TO_NONE : `scaling to ${replicas} left it no pod while it was held; abort the canary`;
}

/**
 * How many pods of a canary are ready. A StatefulSet counts them together with the old ones, of which any may be down: it
 * has those that are certainly so, and as many of the set's as its own pods show.
 */
export function readyPods({ status }: Deployment, carrier: ReplicaSet | undefined, { pods = [] }: CanaryPods): number {
  const certain = carrier?.status?.readyReplicas ?? 0;
  if (!carrier || !isControllerRevision(carrier)) return certain;
  return Math.max(certain, Math.min(countReady(pods), carrier.spec.replicas ?? 0, status?.readyReplicas ?? 0));
}

/** Whether it has as many ready pods as are wanted, and none that is not. */
function standingOf(carrier: ReplicaSet | undefined, ready: number, pods: number) {
  const made = carrier?.spec.replicas ?? 0;
  const wanted = Math.max(pods, made);
  const counted = Math.min(made, ready);
  return { wanted, counted, stands: isCounted(carrier) && made >= pods && counted >= wanted };
}
