import { countPods, isControllerRevision, numberOf } from './controller-revision.ts';
import { CHANGE_CAUSE, RELEASE_STAMP, REVISION } from './marks.ts';
import type { Deployment, PodTemplate, ReplicaSet, StringMap } from './objects.ts';
import { imagesOf, templateDigest, templateMatcher } from './template.ts';

/** One ReplicaSet of a Deployment, or what stands for it on another kind, read for what it says about releases. */
export interface Revision {
  /** Kubernetes' own number; 0 where the annotation is missing. It moves on every undo: never a key. */
  readonly number: number;
  readonly replicaSet: ReplicaSet;
  readonly template: PodTemplate;
  readonly digest: string;
  readonly images: StringMap;
  /** The release's name on the pod template; empty without one. */
  readonly stamp: string;
  /** As `kubectl rollout history` shows it; empty without one. */
  readonly changeCause: string;
  readonly createdAt: string;
  /** Whether the Deployment's template is this one now. */
  readonly live: boolean;
}

/**
 * The Deployment's revisions, newest number first. Owned means the controller reference carries the Deployment's uid;
 * live is the oldest ReplicaSet with an equal template (kubernetes/kubernetes, deployment_util.go, FindNewReplicaSet).
 */
export function revisionsOf(deployment: Deployment, replicaSets: readonly ReplicaSet[]): readonly Revision[] {
  const owned = ownRevisions(deployment, replicaSets);
  const live = findLive(deployment.spec.template, owned);
  return owned.map((replicaSet) => toRevision(replicaSet, replicaSet === live)).sort((a, b) => b.number - a.number);
}

/** The ReplicaSet that carries `template`; see `findCarrier`. */
export function findLive(template: PodTemplate, replicaSets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return findCarrier(templateMatcher(template), replicaSets);
}

/**
 * The ReplicaSet whose template matches: the oldest, then by name, where more than one does (kubernetes/kubernetes#40415).
 * Of ControllerRevisions the newest, as their controllers do (stateful_set_control.go, getStatefulSetRevisions;
 * daemon/update.go, dedupCurHistories): an API server that writes templates otherwise than before makes a second one.
 */
export function findCarrier(
  matches: (template: PodTemplate) => boolean,
  replicaSets: readonly ReplicaSet[],
): ReplicaSet | undefined {
  return replicaSets
    .filter((replicaSet) => matches(replicaSet.spec.template))
    .sort((a, b) => (isControllerRevision(a) ? numberOf(b) - numberOf(a) : compareText(age(a), age(b))))[0];
}

/** Those that the workload controls, with their pods counted. */
export function ownRevisions(deployment: Deployment, replicaSets: readonly ReplicaSet[]): readonly ReplicaSet[] {
  return countPods(
    deployment,
    replicaSets.filter((replicaSet) => isOwned(replicaSet, deployment)),
  );
}

/** Whether the Deployment controls the ReplicaSet. */
export function isOwned(replicaSet: ReplicaSet, deployment: Deployment): boolean {
  const owners = replicaSet.metadata.ownerReferences ?? [];
  return owners.some((owner) => owner.controller === true && owner.uid === deployment.metadata.uid);
}

function toRevision(replicaSet: ReplicaSet, live: boolean): Revision {
  const { template } = replicaSet.spec;
  const annotations = replicaSet.metadata.annotations ?? {};
  const number = Number(annotations[REVISION] ?? '0');
  return {
    number: Number.isSafeInteger(number) ? number : 0,
    replicaSet,
    template,
    digest: templateDigest(template),
    images: imagesOf(template),
    stamp: template.metadata?.annotations?.[RELEASE_STAMP] ?? '',
    changeCause: annotations[CHANGE_CAUSE] || template.metadata?.annotations?.[CHANGE_CAUSE] || '',
    createdAt: replicaSet.metadata.creationTimestamp ?? '',
    live,
  };
}

function age(replicaSet: ReplicaSet): string {
  return `${replicaSet.metadata.creationTimestamp ?? ''} ${replicaSet.metadata.name}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
