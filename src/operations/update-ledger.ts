import { ClusterError } from '../errors.ts';
import type { LedgerStore, Log, StoredLedger, WorkloadRef } from '../ports.ts';
import { goodReleases, type Ledger } from '../release/ledger.ts';
import { pruneLedger } from '../release/prune.ts';

const ATTEMPTS = 8;

/**
 * Writes a change into a workload's ledger by compare-and-swap: after a conflict it is made again on what the other
 * writer left. Returns what now stands there; undefined where there is no right to write (said once, as a warning).
 */
export async function updateLedger(
  { ledgers, log }: { readonly ledgers: LedgerStore; readonly log: Log },
  ref: WorkloadRef,
  stored: StoredLedger | undefined,
  change: (ledger: Ledger) => Ledger,
): Promise<StoredLedger | undefined> {
  if (!stored) return undefined;
  let current = stored;
  for (let attempt = 1; ; attempt++) {
    try {
      const changed = change(current.ledger);
      return await ledgers.write(ref, pruneLedger(changed, goodReleases(changed).slice(0, 2)), current.version);
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      if (error.kind === 'forbidden') {
        log.warn(`${error.message}; going on without the ledger`);
        return undefined;
      }
      if (error.kind !== 'conflict' || attempt === ATTEMPTS) throw error;
      current = await ledgers.read(ref);
    }
  }
}
