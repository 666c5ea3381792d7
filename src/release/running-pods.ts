import { revisionsOf } from '../rollout/history.ts';
import type { Deployment, ReplicaSet } from '../rollout/objects.ts';
import type { Ledger } from './ledger.ts';
import { nameLive } from './live.ts';

/** How many pods run one release. */
export interface RunningPods {
  /** The release, else its images. */
  readonly release: string;
  readonly pods: number;
  readonly ready: number;
}

/** Which releases have pods, the one of the template first, then the newest. */
export function runningPods(
  deployment: Deployment,
  replicaSets: readonly ReplicaSet[],
  ledger: Ledger,
): readonly RunningPods[] {
  const revisions = revisionsOf(deployment, replicaSets);
  return revisions
    .filter(({ replicaSet }) => podsOf(replicaSet) > 0)
    .sort((a, b) => Number(b.live) - Number(a.live))
    .map(({ replicaSet, template }) => {
      const asLive = revisions.map((each) => ({ ...each, live: each.replicaSet === replicaSet }));
      const { label } = nameLive(template, asLive, ledger);
      return { release: label, pods: podsOf(replicaSet), ready: replicaSet.status?.readyReplicas ?? 0 };
    });
}

function podsOf({ spec, status }: ReplicaSet): number {
  return status?.replicas ?? spec.replicas ?? 0;
}
