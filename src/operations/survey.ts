import { ClusterError, type ClusterErrorKind } from '../errors.ts';
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
  /** Undefined where it cannot be read; `ledgerProblem` then says why, and what to do. */
  readonly stored: StoredLedger | undefined;
  readonly ledgerProblem: string | undefined;
}

export interface SurveyPorts {
  readonly cluster: Cluster;
  readonly ledgers: LedgerStore;
  readonly log: Log;
}

/** Errors on a ledger without which we go on: a record must not stop anybody who has to roll back. */
export const WITHOUT_LEDGER: readonly ClusterErrorKind[] = ['forbidden', 'rejected'];

/** Reads a workload, its ledger and its revisions. Throws ClusterError; a ledger that cannot be read only warns. */
export async function survey(ports: SurveyPorts, ref: WorkloadRef): Promise<Survey> {
  const [deployment, read] = await Promise.all([ports.cluster.getWorkload(ref), readLedger(ports, ref)]);
  const replicaSets = await ports.cluster.listRevisions(ref, labelSelector(deployment));
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
    if (!(error instanceof ClusterError && WITHOUT_LEDGER.includes(error.kind))) throw error;
    log.warn(`${error.message}; going on with stamps and change-causes alone`);
    return { stored: undefined, ledgerProblem: error.message };
  }
}
