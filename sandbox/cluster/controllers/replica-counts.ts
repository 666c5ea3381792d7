import type { Deployment, ReplicaSet } from '../model/workload-objects.ts';

/** maxSurge in pods: a percentage rounds up. */
export const maxSurge = ({ spec }: Deployment): number =>
  spec.strategy.type === 'RollingUpdate'
    ? scaledCount(spec.strategy.rollingUpdate?.maxSurge ?? '25%', spec.replicas, Math.ceil)
    : 0;

/** maxUnavailable in pods: a percentage rounds down; both zero makes it 1 (`ResolveFenceposts`); never more than replicas. */
export const maxUnavailable = (deployment: Deployment): number => {
  const { strategy, replicas } = deployment.spec;
  if (strategy.type !== 'RollingUpdate' || replicas === 0) return 0;
  const given = scaledCount(strategy.rollingUpdate?.maxUnavailable ?? '25%', replicas, Math.floor);
  return Math.min(given === 0 && maxSurge(deployment) === 0 ? 1 : given, replicas);
};

/** A number, or a percentage of a total rounded one way. */
export const scaledCount = (value: number | string, total: number, round: (exact: number) => number): number =>
  typeof value === 'number' ? value : round((Number.parseInt(value, 10) * total) / 100);

export const specReplicas = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, { spec }) => sum + spec.replicas, 0);

export const statusSum = (
  sets: readonly ReplicaSet[],
  field: 'replicas' | 'readyReplicas' | 'availableReplicas' | 'terminatingReplicas',
): number => sets.reduce((sum, { status }) => sum + (status[field] ?? 0), 0);

export const active = (sets: readonly ReplicaSet[]): readonly ReplicaSet[] =>
  sets.filter(({ spec }) => spec.replicas > 0);

/** How many replicas the new ReplicaSet may have now (`NewRSNewReplicas` in kubernetes util/deployment_util.go). */
export const newReplicaCount = (deployment: Deployment, all: readonly ReplicaSet[], current: number): number => {
  const { replicas, strategy } = deployment.spec;
  if (strategy.type === 'Recreate') return replicas;
  const room = replicas + maxSurge(deployment) - specReplicas(all);
  return room <= 0 ? current : current + Math.min(room, replicas - current);
};
