import { ClusterError } from '../errors.ts';
import type { WorkloadRef } from '../ports.ts';
import type { Borrowed } from '../release/ledger.ts';
import { returnPatch } from '../rollout/patch.ts';
import type { RollPorts } from './roll-workload.ts';
import type { Survey } from './survey.ts';
import { updateLedger } from './update-ledger.ts';

/** Gives back what an earlier run borrowed and was cut off before returning it; tells whether there was any. */
export async function returnBorrowed(ports: RollPorts, surveys: readonly Survey[]): Promise<boolean> {
  const owing = surveys.flatMap(({ ref, state }) =>
    state.ledger.borrowed ? [{ ref, borrowed: state.ledger.borrowed }] : [],
  );
  await Promise.all(owing.map(({ ref, borrowed }) => giveBack(ports, ref, borrowed)));
  return owing.length > 0;
}

/** Gives one limit back and takes the note off the ledger. A limit that somebody changed meanwhile is theirs. */
export async function giveBack(ports: RollPorts, ref: WorkloadRef, borrowed: Borrowed): Promise<void> {
  const deployment = await ports.cluster.getWorkload(ref);
  try {
    await ports.cluster.patchWorkload(ref, returnPatch(deployment, borrowed));
  } catch (error) {
    if (!(error instanceof ClusterError && (error.kind === 'conflict' || error.kind === 'rejected'))) throw error;
    const { maxUnavailable } = (await ports.cluster.getWorkload(ref)).spec.strategy?.rollingUpdate ?? {};
    if (maxUnavailable === borrowed.lent) throw error;
  }
  await updateLedger(ports, ref, await ports.ledgers.read(ref), ({ borrowed: _returned, ...ledger }) => ledger);
}
