import { resources } from '../model/resource.ts';
import type { Deployment, ReplicaSet } from '../model/workload-objects.ts';
import { targetOf } from '../registry/registry.ts';
import type { ControlPlane } from './control-plane.ts';
import { revisionOf } from './revisions.ts';

/** `cleanupDeployment`: deletes the lowest revisions among idle old ReplicaSets beyond revisionHistoryLimit; the new one does not count. */
export const deleteBeyondHistoryLimit = (
  plane: ControlPlane,
  deployment: Deployment,
  old: readonly ReplicaSet[],
): void => {
  const alive = old.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const surplus = alive.length - deployment.spec.revisionHistoryLimit;
  if (surplus <= 0) return;
  for (const set of alive.toSorted((a, b) => revisionOf(a) - revisionOf(b)).slice(0, surplus))
    if (isIdle(set)) plane.remove(targetOf(resources.replicaSets, set));
};

const isIdle = ({ spec, status, metadata }: ReplicaSet): boolean =>
  spec.replicas === 0 && status.replicas === 0 && (status.observedGeneration ?? 0) >= (metadata.generation ?? 0);
