import { ClusterError } from '../errors.ts';
import type { LedgerStore, Log, StoredLedger, WorkloadRef } from '../ports.ts';
import type { Ledger } from '../release/ledger.ts';
import { pruneLedger } from '../release/prune.ts';
import { WITHOUT_LEDGER } from './survey.ts';

const ATTEMPTS = 8;

/** What stands in the ledger after a write; `stored` is undefined where none is kept, and `problem` says why not any more. */
export interface LedgerWrite {
  readonly stored: StoredLedger | undefined;
  readonly problem?: string;
  /** Whether the change was not made, since it does not fit what stands there now. */
  readonly withheld?: true;
}

/**
 * Writes a change into a workload's ledger by compare-and-swap: after a conflict it is made again on what the other
 * writer left. Where the API server refuses the ConfigMap (rights, quota, admission), it warns and gives the ledger up.
 */
export async function updateLedger(
  { ledgers, log }: { readonly ledgers: LedgerStore; readonly log: Log },
  ref: WorkloadRef,
  stored: StoredLedger | undefined,
  change: (ledger: Ledger) => Ledger | undefined,
): Promise<LedgerWrite> {
  if (!stored) return { stored };
  let current = stored;
  for (let attempt = 1; ; attempt++) {
    try {
      const changed = change(current.ledger);
      if (!changed) return { stored: current, withheld: true };
      return { stored: await ledgers.write(ref, pruneLedger(changed), current.version) };
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      if (WITHOUT_LEDGER.includes(error.kind)) {
        log.warn(`${error.message}; going on without the ledger`);
        return { stored: undefined, problem: error.message };
      }
      if (error.kind !== 'conflict' || attempt === ATTEMPTS) throw error;
      current = await ledgers.read(ref);
    }
  }
}
