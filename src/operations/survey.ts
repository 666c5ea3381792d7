import { ClusterError } from '../errors.ts';
import type { Cluster, LedgerStore, Log, ObjectList, StoredLedger, WorkloadRef } from '../ports.ts';
import { emptyLedger } from '../release/ledger.ts';
import { type WorkloadState, workloadState } from '../release/workload-state.ts';
import type { ReplicaSet } from '../rollout/objects.ts';
import { labelSelector } from '../rollout/pods.ts';

/** One workload as it was read; three requests. */
export interface Survey {
  readonly ref: WorkloadRef;
  readonly state: WorkloadState;
  readonly replicaSets: ObjectList<ReplicaSet>;
  /** Undefined without the right to read it; `ledgerProblem` then says which rule is missing. */
  readonly stored: StoredLedger | undefined;
  readonly ledgerProblem: string | undefined;
}

export interface SurveyPorts {
  readonly cluster: Cluster;
  readonly ledgers: LedgerStore;
  readonly log: Log;
}

/** Reads Deployment, ledger and ReplicaSets. Throws ClusterError; a ledger that may not be read only warns. */
export async function survey(ports: SurveyPorts, ref: WorkloadRef): Promise<Survey> {
  const [deployment, read] = await Promise.all([ports.cluster.getDeployment(ref), readLedger(ports, ref)]);
  const replicaSets = await ports.cluster.listReplicaSets(ref.namespace, labelSelector(deployment));
  const ledger = read.stored?.ledger ?? emptyLedger();
  const state = workloadState(`${ref.kind}/${ref.name}`, deployment, replicaSets.items, ledger);
  return { ref, state, replicaSets, ...read };
}

async function readLedger(
  { ledgers, log }: SurveyPorts,
  ref: WorkloadRef,
): Promise<Pick<Survey, 'stored' | 'ledgerProblem'>> {
  try {
    return { stored: await ledgers.read(ref), ledgerProblem: undefined };
  } catch (error) {
    if (!(error instanceof ClusterError && error.kind === 'forbidden')) throw error;
    log.warn(`${error.message}; going on with stamps and change-causes alone`);
    return { stored: undefined, ledgerProblem: error.message };
  }
}
