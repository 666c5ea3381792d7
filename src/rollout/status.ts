import { lastWriter, templateWritersBetween } from './last-writer.ts';
import type { Condition, Deployment, PodTemplate, ReplicaSet } from './objects.ts';
import { firstReplaced, keptPods } from './partition.ts';
import { sameTemplate } from './template.ts';

/** What we wait for: the template as the API server took it, and what was already said before our write. */
export interface RolloutTarget {
  readonly template: PodTemplate;
  readonly generation: number;
  /** The condition Progressing before our write; the controller can carry it over unchanged. */
  readonly progressingBefore: Condition | undefined;
  /** As our write left it, where we wrote: tells who came after us, even within the same second. */
  readonly deployment?: Deployment;
}

/** How far a rollout is. `message` is a clause for people, without the workload's name. */
export type RolloutStatus =
  /** `isHeldUp`: what it waits for says nothing about the release. */
  | { readonly state: 'progressing'; readonly message: string; readonly isHeldUp?: boolean }
  /** It does not get on before somebody takes something out of its way. */
  | { readonly state: 'held-up'; readonly message: string }
  | { readonly state: 'done'; readonly verified: boolean; readonly message: string }
  | { readonly state: 'stalled'; readonly message: string }
  | { readonly state: 'superseded'; readonly message: string };

/**
 * Judges a rollout from the objects alone. Done is stricter than `kubectl rollout status`: the template is still ours,
 * every replica is updated and available, and the ReplicaSet that carries the template itself has them. Zero replicas are done but prove
 * nothing; paused is not done. A deadline condition that stood there before our write says nothing about it
 * (kubernetes/kubernetes, deployment/progress.go: reusing a ReplicaSet does not reset it).
 */
export function rolloutStatus(
  deployment: Deployment,
  carrier: ReplicaSet | undefined,
  target: RolloutTarget,
): RolloutStatus {
  const { spec, status = {} } = deployment;
  const superseded = changedTemplate(deployment, target);
  if (superseded) return superseded;
  if (!isObserved(deployment, target))
    return { state: 'progressing', message: 'waiting for the controller to see the change' };
  const deadline = freshDeadline(status.conditions ?? [], target);
  if (deadline) return { state: 'stalled', message: deadline };
  if (spec.paused) return { state: 'progressing', message: 'paused; resume it to go on' };
  const desired = spec.replicas ?? 1;
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  const available = isCounted(carrier) ? (carrier?.status?.availableReplicas ?? 0) : 0;
  const kept = keptPods(deployment);
  const wanted = desired - kept;
  const old = replicas - updatedReplicas - kept;
  if (updatedReplicas < wanted || old > 0 || availableReplicas < desired || available < wanted)
    return { state: 'progressing', message: describe(wanted, lastCount(carrier, wanted), updatedReplicas, old) };
  if (wanted === 0) return { state: 'done', verified: false, message: `${whyNone(deployment)}, nothing verified` };
  return { state: 'done', verified: true, message: `${wanted} of ${wanted} pods available${beside(spec, kept)}` };
}

function whyNone(deployment: Deployment): string {
  if (keptPods(deployment) > 0) return 'its partition keeps every pod as it is';
  return deployment.kind === 'DaemonSet' ? 'no node takes it: no pods' : 'scaled to 0: no pods';
}

function beside(spec: Deployment['spec'], kept: number): string {
  return kept > 0 ? `; those with ordinals below ${firstReplaced(spec)} stay as they are (partition)` : '';
}

/** What to say where the template is not the one that was written any more; undefined where it is. */
export function changedTemplate(
  deployment: Deployment,
  target: RolloutTarget,
): Extract<RolloutStatus, { readonly state: 'superseded' }> | undefined {
  if (sameTemplate(deployment.spec.template, target.template)) return undefined;
  return { state: 'superseded', message: `the template was changed by ${changerOf(deployment, target)}` };
}

/** Whether the ReplicaSet's pods were counted since it was scaled: until then, those that it had before seem to be there. */
export function isCounted(carrier: ReplicaSet | undefined): boolean {
  const { observedGeneration = Number.POSITIVE_INFINITY } = carrier?.status ?? {};
  return observedGeneration >= (carrier?.metadata.generation ?? 0);
}

/** What to say of its pods: the last count, which may be older than its scale and is never above that. */
function lastCount(carrier: ReplicaSet | undefined, wanted: number): number {
  return Math.min(carrier?.status?.availableReplicas ?? 0, carrier?.spec.replicas ?? wanted, wanted);
}

/** Whether the controller has seen our write, and every later one. */
export function isObserved({ metadata, status = {} }: Deployment, { generation }: RolloutTarget): boolean {
  return (status.observedGeneration ?? 0) >= Math.max(generation, metadata.generation ?? 0);
}

function changerOf(deployment: Deployment, { deployment: written }: RolloutTarget): string {
  const since = written && templateWritersBetween(written, deployment);
  return since ?? lastWriter(deployment) ?? 'somebody else';
}

/** The condition Progressing, as it is now. */
export function progressing(deployment: Deployment): Condition | undefined {
  return deployment.status?.conditions?.find(({ type }) => type === 'Progressing');
}

function freshDeadline(conditions: readonly Condition[], target: RolloutTarget): string | undefined {
  const now = conditions.find(({ type, reason }) => type === 'Progressing' && reason === 'ProgressDeadlineExceeded');
  const before = target.progressingBefore;
  const stale = before?.reason === now?.reason && before?.lastUpdateTime === now?.lastUpdateTime;
  return now && !stale ? (now.message ?? 'the progress deadline was exceeded') : undefined;
}

function describe(desired: number, available: number, updated: number, old: number): string {
  const leaving = old > 0 ? `, ${old} old still there` : '';
  return `${available} of ${desired} pods available, ${updated} updated${leaving}`;
}
