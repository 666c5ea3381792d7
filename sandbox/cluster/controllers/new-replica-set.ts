import { ApiError } from '../model/api-error.ts';
import { isSameJson } from '../model/json-equality.ts';
import { resources } from '../model/resource.ts';
import type { Deployment, ReplicaSet } from '../model/workload-objects.ts';
import { withCondition } from './conditions.ts';
import { type ControlPlane, controllerManager } from './control-plane.ts';
import { hasProgressDeadline, newCondition, progressing, saveStatus } from './deployment-status.ts';
import { draftReplicaSet } from './replica-set-draft.ts';
import { updateReplicaSet } from './replica-set-writes.ts';
import { annotation, copiedAnnotations, findNewReplicaSet, maxRevision, renumbered } from './revisions.ts';
import { equalIgnoringHash } from './template-hash.ts';

export interface NewReplicaSet {
  readonly deployment: Deployment;
  readonly newSet: ReplicaSet | undefined;
}

/**
 * `getNewReplicaSet`: finds the ReplicaSet of the current template and brings its annotations and revision up to date.
 * The call that renumbers it returns before the Deployment's own revision is set, so that one lags by a sync.
 */
export const syncNewReplicaSet = (
  plane: ControlPlane,
  deployment: Deployment,
  sets: readonly ReplicaSet[],
): NewReplicaSet => {
  const existing = findNewReplicaSet(deployment, sets);
  if (existing === undefined) return { deployment, newSet: undefined };
  const revision = maxRevision(sets.filter(({ metadata }) => metadata.uid !== existing.metadata.uid)) + 1;
  const annotations = renumbered(copiedAnnotations(deployment, existing.metadata.annotations), revision);
  const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
  const stale = (existing.spec.minReadySeconds ?? 0) !== minReadySeconds;
  if (stale || !isSameJson(annotations, existing.metadata.annotations)) {
    const metadata = { ...existing.metadata, annotations };
    const spec = { ...existing.spec, ...(stale ? { minReadySeconds } : {}) };
    return { deployment, newSet: updateReplicaSet(plane, { ...existing, metadata, spec }) };
  }
  const unnoticed = progressing(deployment.status) === undefined;
  const found = ['FoundNewReplicaSet', `Found new replica set "${existing.metadata.name}"`] as const;
  return {
    deployment: saveRevision(plane, deployment, existing, unnoticed ? found : undefined),
    newSet: existing,
  };
};

/** As `syncNewReplicaSet`, but creates the ReplicaSet where there is none; throws to be called again after a hash collision. */
export const ensureNewReplicaSet = (
  plane: ControlPlane,
  deployment: Deployment,
  sets: readonly ReplicaSet[],
): NewReplicaSet & { readonly newSet: ReplicaSet } => {
  const { newSet, ...synced } = syncNewReplicaSet(plane, deployment, sets);
  if (newSet !== undefined) return { ...synced, newSet };
  const draft = draftReplicaSet(plane, deployment, sets);
  const { namespace = '' } = deployment.metadata;
  const taken = plane.registry.find({ resource: resources.replicaSets, namespace, name: draft.metadata.name });
  if (taken !== undefined) return { deployment, newSet: acceptOrCollide(plane, deployment, taken as ReplicaSet) };
  const created = createOrReport(plane, deployment, draft);
  const { name } = created.metadata;
  if (created.spec.replicas > 0)
    plane.recordEvent('deployment-controller', deployment, {
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: `Scaled up replica set ${name} from 0 to ${created.spec.replicas}`,
    });
  const progress = ['NewReplicaSetCreated', `Created new replica set "${name}"`] as const;
  return { deployment: saveRevision(plane, deployment, created, progress), newSet: created };
};

const createOrReport = (
  plane: ControlPlane,
  deployment: Deployment,
  draft: ReturnType<typeof draftReplicaSet>,
): ReplicaSet => {
  const { namespace = '' } = deployment.metadata;
  try {
    return plane.registry.create(resources.replicaSets, namespace, draft, controllerManager) as ReplicaSet;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const reason = 'ReplicaSetCreateError';
    const message = `Failed to create new replica set "${draft.metadata.name}": ${error.message}`;
    const failed = newCondition(plane.clock, 'Progressing', 'False', reason, message);
    const conditions = withCondition(deployment.status.conditions ?? [], failed);
    saveStatus(plane, deployment, { ...deployment.status, conditions });
    plane.recordEvent('deployment-controller', deployment, { type: 'Warning', reason, message });
    throw error;
  }
};

/** The name is taken: ours with an equal template is it; anything else counts as a collision and gets another hash. */
const acceptOrCollide = (plane: ControlPlane, deployment: Deployment, taken: ReplicaSet): ReplicaSet => {
  const ours = taken.metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid);
  if (ours && equalIgnoringHash(taken.spec.template, deployment.spec.template)) return taken;
  const collisionCount = (deployment.status.collisionCount ?? 0) + 1;
  saveStatus(plane, deployment, { ...deployment.status, collisionCount });
  throw new Error(`hash collision: replica set ${taken.metadata.name} exists with another template`);
};

/** `SetDeploymentRevision`, together with the condition that tells of the ReplicaSet. */
const saveRevision = (
  plane: ControlPlane,
  deployment: Deployment,
  newSet: ReplicaSet,
  progress: readonly [reason: string, message: string] | undefined,
): Deployment => {
  const current = deployment.metadata.annotations;
  const revision = newSet.metadata.annotations?.[annotation.revision] ?? '';
  const annotations =
    current?.[annotation.revision] === revision ? current : { ...current, [annotation.revision]: revision };
  const { conditions = [] } = deployment.status;
  const reported =
    progress !== undefined && hasProgressDeadline(deployment)
      ? { conditions: withCondition(conditions, newCondition(plane.clock, 'Progressing', 'True', ...progress)) }
      : {};
  return saveStatus(plane, deployment, { ...deployment.status, ...reported }, annotations);
};
