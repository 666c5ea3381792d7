import { surges } from '../rollout/max-surge.ts';
import { maxUnavailable } from '../rollout/max-unavailable.ts';
import type { Condition, Deployment, ReplicaSet } from '../rollout/objects.ts';
import { classifyRefusal } from './creation-refusal.ts';
import type { Standstill } from './memory.ts';
import type { Signal } from './signal.ts';

/** What keeps pods from being made, and since when nothing has moved. */
export interface Creation {
  readonly standstill: Standstill | undefined;
  readonly signals: readonly Signal[];
}

/** Reads why pods that lack are not made, where the controllers say so. */
export function judgeCreation(
  before: Standstill | undefined,
  deployment: Deployment,
  carrier: ReplicaSet | undefined,
  at: number,
): Creation {
  if (!lacksPods(deployment, carrier)) return { standstill: undefined, signals: [] };
  const condition = carrier ? refusedPods(carrier) : refusedReplicaSet(deployment);
  if (!condition && !before) return { standstill: undefined, signals: [] };
  const standstill = rememberStandstill(before, deployment, carrier, at);
  if (!condition) return { standstill, signals: [] };
  const refusal = classifyRefusal(condition.message ?? '', carrier ? 'pod' : 'ReplicaSet');
  const since = refusal.sign === 'quota-exceeded' ? triedInVain(standstill, deployment) : standstill.first;
  return { standstill, signals: [{ ...refusal, pod: undefined, container: '', times: 1, since }] };
}

/**
 * The condition comes and goes while the controller tries again, and keeps its first message; so a standstill lasts
 * until a pod is made.
 */
function rememberStandstill(
  before: Standstill | undefined,
  { status = {} }: Deployment,
  carrier: ReplicaSet | undefined,
  at: number,
): Standstill {
  const { replicas = 0, updatedReplicas = 0, terminatingReplicas: leaving = 0 } = status;
  const made = carrier?.status?.replicas ?? 0;
  const old = replicas - updatedReplicas;
  if (before?.made !== made) return { made, first: at, old, leaving, since: at };
  const stands = before.old === old && before.leaving === 0 && leaving === 0;
  return { made, first: before.first, old, leaving, since: stands ? before.since : at };
}

/**
 * Since when a quota has been in the way for good. Old pods hold it until they are gone, and the controller doubles
 * its pauses: what took so long to leave may take as long again to be noticed.
 */
function triedInVain({ first, since }: Standstill, deployment: Deployment): number {
  return since + (since - first) + 2 * unseenLeaving(deployment);
}

function lacksPods(deployment: Deployment, carrier: ReplicaSet | undefined): boolean {
  if (!carrier) return (deployment.spec.replicas ?? 1) > 0;
  return (carrier.status?.replicas ?? 0) < (carrier.spec.replicas ?? 1);
}

function refusedPods({ status }: ReplicaSet): Condition | undefined {
  return status?.conditions?.find(({ type, status: value }) => type === 'ReplicaFailure' && value === 'True');
}

/** Observed generation does not move on while the ReplicaSet itself is refused; only this condition tells. */
export function refusedReplicaSet({ status }: Deployment): Condition | undefined {
  return status?.conditions?.find(({ type, reason }) => type === 'Progressing' && reason === 'ReplicaSetCreateError');
}

/** A pod of a StatefulSet, and of a DaemonSet that does not surge, is made once the one before it is gone. */
function replacesInPlace(spec: Deployment['spec']): boolean {
  return spec.updateStrategy !== undefined && !surges(spec);
}

/** Where the API does not tell of pods that are leaving (before Kubernetes 1.33), they may hold the quota for as long as they are given. */
function unseenLeaving({ spec, status = {} }: Deployment): number {
  if (status.terminatingReplicas !== undefined || replacesInPlace(spec)) return 0;
  const nothingLeft = (status.updatedReplicas ?? 0) === 0 && maxUnavailable(spec) === 0;
  const { terminationGracePeriodSeconds = 30 } = spec.template.spec;
  return nothingLeft ? 0 : Number(terminationGracePeriodSeconds) * 1000;
}
