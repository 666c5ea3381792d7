import { type CanaryReport, canaryReport } from '../release/canary-report.ts';
import type { WorkloadState } from '../release/workload-state.ts';
import { readyPods } from '../rollout/canary-status.ts';
import { isControllerRevision } from '../rollout/controller-revision.ts';
import { ownRevisions } from '../rollout/history.ts';
import type { ReplicaSet } from '../rollout/objects.ts';
import type { Step } from './prepare.ts';
import type { RolloutEnd } from './watch-rollout.ts';

/** How a canary stood when its watch ended; undefined where it was none, or somebody else's template has taken over. */
export function canaryAtEnd({ canary }: Step, { last, status }: RolloutEnd): CanaryReport | undefined {
  const { deployment, carrier, replicaSets } = last;
  if (canary?.pods === undefined || !deployment || status.state === 'superseded') return undefined;
  // The Deployment's own counts come a moment later.
  const others = ownRevisions(deployment, replicaSets).filter(({ metadata }) => metadata.uid !== carrier?.metadata.uid);
  const ready = readyPods(deployment, carrier, last);
  const beside = readyIn(others);
  // A StatefulSet tells of each revision apart only how many pods it has, not how many of them are ready.
  const isSet = carrier !== undefined && isControllerRevision(carrier);
  const counted = Math.min(beside, Math.max(0, (deployment.status?.readyReplicas ?? 0) - ready));
  const left = isSet ? (last.readyBeside ?? counted) : beside;
  return canaryReport(canary.canary, { pods: ready, beside: left }, deployment.spec.replicas ?? 1);
}

/** How a canary stands that was found held; undefined where none is. */
export function canaryFound({ canary, live, revisions, deployment }: WorkloadState): CanaryReport | undefined {
  const [held, others] = [true, false].map((own) =>
    revisions.filter((revision) => (revision === live.revision) === own).map(({ replicaSet }) => replicaSet),
  );
  const counts = { pods: readyIn(held ?? []), beside: readyIn(others ?? []) };
  return canary && canaryReport(canary, counts, deployment.spec.replicas ?? 1);
}

function readyIn(replicaSets: readonly (ReplicaSet | undefined)[]): number {
  return replicaSets.reduce((sum, replicaSet) => sum + (replicaSet?.status?.readyReplicas ?? 0), 0);
}
