import type { Condition, Deployment, ReplicaSet } from '../rollout/objects.ts';
import type { CauseCode } from './cause.ts';
import { shorten } from './describe.ts';
import type { Standstill } from './memory.ts';
import type { Sign } from './rules.ts';
import type { Signal } from './signal.ts';

type Refusal = { readonly sign: Sign; readonly code: CauseCode; readonly words: string };

/** What keeps pods from being made, and since when nothing has moved. */
export interface Creation {
  readonly standstill: Standstill | undefined;
  readonly signals: readonly Signal[];
}

/**
 * Reads why pods that lack are not made. The controller tries again with back-off; its condition comes and goes
 * meanwhile and keeps its first message, so the standstill lasts until a pod is made, or an old one is gone.
 */
export function judgeCreation(
  before: Standstill | undefined,
  deployment: Deployment,
  carrier: ReplicaSet | undefined,
  at: number,
): Creation {
  if (!lacksPods(deployment, carrier)) return { standstill: undefined, signals: [] };
  const condition = carrier ? refusedPods(carrier) : refusedReplicaSet(deployment);
  const progress = progressOf(deployment, carrier);
  const leaving = deployment.status?.terminatingReplicas ?? 0;
  const stands = before?.progress === progress && leaving === 0;
  const standstill = stands ? before : { progress, since: at };
  if (!condition) return { standstill: stands ? before : undefined, signals: [] };
  const { sign, code, words } = classify(condition.message ?? '', carrier ? 'pod' : 'ReplicaSet');
  const since = standstill.since + (sign === 'quota-exceeded' ? unseenLeaving(deployment) : 0);
  return { standstill, signals: [{ sign, code, pod: undefined, container: '', times: 1, since, clause: words }] };
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

function progressOf({ status = {} }: Deployment, carrier: ReplicaSet | undefined): string {
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  return [replicas - updatedReplicas, availableReplicas, carrier?.status?.replicas ?? -1].join('/');
}

/** Where the API does not tell of pods that are leaving (before Kubernetes 1.33), they may hold the quota for as long as they are given. */
function unseenLeaving({ spec, status = {} }: Deployment): number {
  if (status.terminatingReplicas !== undefined) return 0;
  const nothingLeft = (status.updatedReplicas ?? 0) === 0 && maxUnavailable(spec) === 0;
  const { terminationGracePeriodSeconds = 30 } = spec.template.spec;
  return nothingLeft ? 0 : Number(terminationGracePeriodSeconds) * 1000;
}

/** As the controller resolves it: a share is rounded down, and it is 1 where maxSurge is 0 as well. */
function maxUnavailable({ replicas = 1, strategy }: Deployment['spec']): number {
  if (strategy?.type === 'Recreate') return replicas;
  const { maxUnavailable: most = '25%', maxSurge = '25%' } = strategy?.rollingUpdate ?? {};
  const share = (value: number | string) =>
    typeof value === 'number' ? value : (Number.parseFloat(value) / 100) * replicas;
  return Math.floor(share(most)) || (Math.ceil(share(maxSurge)) === 0 ? 1 : 0);
}

const QUOTA = /exceeded quota/i;

/** What the API server decided, and will decide again. */
const DENIED =
  /violates PodSecurity|denied (the|this)? ?request|admission webhook ".*" denied|ValidatingAdmissionPolicy|serviceaccounts? .*not found|no PriorityClass|is invalid|forbidden/i;

/** What passes by itself, though it may stop a request that is then called forbidden. */
const PASSING =
  /failed calling webhook|failed to call webhook|time[d ]*[ -]?out|deadline exceeded|etcd|conflict|object has been modified|connection (refused|reset)|internal error|status unknown for quota|being terminated/i;

function classify(message: string, what: 'pod' | 'ReplicaSet'): Refusal {
  const said = message
    .replace(/^Failed to create new replica set "[^"]*": /, '')
    .replace(/^(pods|replicasets\.apps) "[^"]*" is forbidden: /, '')
    .replace(/^Pod "[^"]*" is invalid: /, 'invalid: ');
  const denied = /denied (the|this)? ?request|" denied/i.test(message);
  if (QUOTA.test(message))
    return { sign: 'quota-exceeded', code: 'quota-exceeded', words: shorten(`no ${what} can be made: ${said}`) };
  if (denied || (DENIED.test(message) && !PASSING.test(message)))
    return { sign: 'admission-denied', code: 'admission-denied', words: shorten(`no ${what} is admitted: ${said}`) };
  return { sign: 'creation-failed', code: 'pods-not-created', words: shorten(`no ${what} is made: ${said}`) };
}
