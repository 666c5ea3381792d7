import type { StringMap } from '../model/kubernetes-objects.ts';
import type { Deployment, ReplicaSet } from '../model/workload-objects.ts';
import { equalIgnoringHash } from './template-hash.ts';

export const annotation = {
  revision: 'deployment.kubernetes.io/revision',
  revisionHistory: 'deployment.kubernetes.io/revision-history',
  desiredReplicas: 'deployment.kubernetes.io/desired-replicas',
  maxReplicas: 'deployment.kubernetes.io/max-replicas',
} as const;

/** The Deployment's annotations that never reach a ReplicaSet (`annotationsToSkip` in deployment_util.go). */
const notCopied: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
  ...Object.values(annotation),
]);

const historyLimitInChars = 2000;

const byAge = (a: ReplicaSet, b: ReplicaSet): number =>
  a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp) ||
  (a.metadata.name < b.metadata.name ? -1 : 1);

/** Oldest first, by name within a second, as the controller sorts. */
export const oldestFirst = (sets: readonly ReplicaSet[]): readonly ReplicaSet[] => [...sets].sort(byAge);

/** The oldest ReplicaSet whose template equals the Deployment's. */
export const findNewReplicaSet = (deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined =>
  oldestFirst(sets).find(({ spec }) => equalIgnoringHash(spec.template, deployment.spec.template));

export const revisionOf = ({ metadata }: ReplicaSet): number =>
  Number(metadata.annotations?.[annotation.revision] ?? 0);

export const maxRevision = (sets: readonly ReplicaSet[]): number => Math.max(0, ...sets.map(revisionOf));

/** `copyDeploymentAnnotationsToReplicaSet`: adds and overwrites, never deletes. */
export const copiedAnnotations = (deployment: Deployment, onto: StringMap = {}): StringMap => ({
  ...onto,
  ...Object.fromEntries(Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => !notCopied.has(key))),
});

/** Raises the revision; one that is reused keeps its former numbers in `revision-history`, the oldest dropped first. */
export const renumbered = (annotations: StringMap, revision: number): StringMap => {
  const former = annotations[annotation.revision];
  if (Number(former ?? 0) >= revision) return annotations;
  const raised = { ...annotations, [annotation.revision]: String(revision) };
  if (former === undefined) return raised;
  const history = (annotations[annotation.revisionHistory] ?? '').split(',').filter((number) => number !== '');
  const kept = [...history, former];
  while (kept.join().length > historyLimitInChars) kept.shift();
  return { ...raised, [annotation.revisionHistory]: kept.join() };
};
