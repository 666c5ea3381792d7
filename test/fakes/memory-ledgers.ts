import { ClusterError } from '../../src/errors.ts';
import type { LedgerStore, StoredLedger, WorkloadRef } from '../../src/ports.ts';
import { emptyLedger, findEntry, type Ledger, type LedgerEntry } from '../../src/release/ledger.ts';
import { createFaults, type Faults } from './faults.ts';

export interface MemoryLedgers extends LedgerStore {
  readonly faults: Faults<'read' | 'write'>;
  /** What stands there; an empty one where nothing does. */
  ledger(name: string): Ledger;
  entry(name: string, release: string): LedgerEntry | undefined;
  /** Another writer. */
  change(name: string, change: (ledger: Ledger) => Ledger): void;
  writes(): number;
}

/** Ledgers in memory, with the same compare-and-swap as in a cluster. */
export function createMemoryLedgers(): MemoryLedgers {
  const stored = new Map<string, StoredLedger>();
  const faults = createFaults<'read' | 'write'>();
  let version = 0;
  const ledger = (name: string) => stored.get(name)?.ledger ?? emptyLedger();
  const put = (name: string, next: Ledger): StoredLedger => {
    version += 1;
    // What was written is read back as JSON, without what JSON drops.
    stored.set(name, { ledger: JSON.parse(JSON.stringify(next)), version: String(version) });
    return stored.get(name) ?? { ledger: next, version: String(version) };
  };
  return {
    faults,
    ledger,
    entry: (name, release) => findEntry(ledger(name), release),
    change: (name, change) => void put(name, change(ledger(name))),
    writes: () => version,
    async read({ name }: WorkloadRef) {
      faults.meet('read');
      return stored.get(name) ?? { ledger: emptyLedger(), version: '' };
    },
    async write({ name }, next, found) {
      faults.meet('write');
      if ((stored.get(name)?.version ?? '') !== found)
        throw new ClusterError('conflict', `configmap shop/rollkey.deployment.${name}: somebody else changed it`);
      return put(name, next);
    },
  };
}
