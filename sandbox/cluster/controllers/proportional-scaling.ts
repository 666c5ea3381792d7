import type { Deployment, ReplicaSet } from '../model/workload-objects.ts';
import type { ControlPlane } from './control-plane.ts';
import { active, maxSurge, specReplicas } from './replica-counts.ts';
import { scaleReplicaSet } from './replica-set-writes.ts';
import { annotation, oldestFirst } from './revisions.ts';

/** Whether a ReplicaSet in use was sized for another `spec.replicas` than the Deployment now has. */
export const isScalingEvent = ({ spec }: Deployment, all: readonly ReplicaSet[]): boolean =>
  active(all).some(({ metadata }) => {
    const desired = metadata.annotations?.[annotation.desiredReplicas];
    return desired !== undefined && Number(desired) !== spec.replicas;
  });

/** `scale` in kubernetes deployment/sync.go: the one ReplicaSet in use takes all, several share in proportion. */
export const scaleProportionally = (
  plane: ControlPlane,
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): void => {
  const only = activeOrLatest(newSet, old);
  if (only !== undefined) {
    if (only.spec.replicas !== deployment.spec.replicas)
      scaleReplicaSet(plane, deployment, only, deployment.spec.replicas);
    return;
  }
  if (newSet !== undefined && isSaturated(deployment, newSet)) {
    for (const set of active(old)) scaleReplicaSet(plane, deployment, set, 0);
    return;
  }
  if (deployment.spec.strategy.type === 'RollingUpdate')
    shareReplicas(plane, deployment, active(newSet === undefined ? old : [...old, newSet]));
};

/** `FindActiveOrLatest`: undefined when more than one ReplicaSet holds replicas. */
const activeOrLatest = (newSet: ReplicaSet | undefined, old: readonly ReplicaSet[]): ReplicaSet | undefined => {
  const inUse = active(newSet === undefined ? old : [...old, newSet]);
  if (inUse.length === 0) return newSet ?? oldestFirst(old).at(-1);
  return inUse.length === 1 ? inUse[0] : undefined;
};

const isSaturated = ({ spec }: Deployment, set: ReplicaSet): boolean =>
  set.spec.replicas === spec.replicas &&
  Number(set.metadata.annotations?.[annotation.desiredReplicas]) === spec.replicas &&
  (set.status.availableReplicas ?? 0) === spec.replicas;

const shareReplicas = (plane: ControlPlane, deployment: Deployment, sets: readonly ReplicaSet[]): void => {
  const { replicas } = deployment.spec;
  const allowed = replicas > 0 ? replicas + maxSurge(deployment) : 0;
  const toAdd = allowed - specReplicas(sets);
  const ordered = bySize(sets, toAdd > 0 ? 'newer first' : 'older first');
  let added = 0;
  const sizes = ordered.map((set) => {
    const share = proportion(deployment, set, toAdd, added);
    added += share;
    return set.spec.replicas + share;
  });
  for (const [index, set] of ordered.entries()) {
    const leftover = index === 0 ? toAdd - added : 0;
    scaleReplicaSet(plane, deployment, set, Math.max(0, (sizes[index] ?? 0) + leftover));
  }
};

const bySize = (sets: readonly ReplicaSet[], tie: 'newer first' | 'older first'): readonly ReplicaSet[] => {
  const aged = oldestFirst(sets);
  return (tie === 'newer first' ? aged.toReversed() : [...aged]).toSorted((a, b) => b.spec.replicas - a.spec.replicas);
};

/** `GetReplicaSetProportion`: the set's share of what is to be added, or with a negative sign taken away. */
const proportion = (deployment: Deployment, set: ReplicaSet, toAdd: number, added: number): number => {
  if (set.spec.replicas === 0 || toAdd === 0 || toAdd === added) return 0;
  const share = fraction(deployment, set);
  return toAdd > 0 ? Math.min(share, toAdd - added) : Math.max(share, toAdd - added);
};

const fraction = (deployment: Deployment, { spec, metadata }: ReplicaSet): number => {
  if (deployment.spec.replicas === 0) return -spec.replicas;
  const former = Number(metadata.annotations?.[annotation.maxReplicas] ?? deployment.status.replicas ?? 0);
  if (former === 0) return 0;
  return Math.round((spec.replicas * (deployment.spec.replicas + maxSurge(deployment))) / former) - spec.replicas;
};
