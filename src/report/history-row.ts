import type { Verdict } from '../release/ledger.ts';
import type { StringMap } from '../rollout/objects.ts';

/** One release of one workload, as the history shows it. */
export interface HistoryRow {
  /** `deployment/web` */
  readonly workload: string;
  /** Empty where it is unknown. */
  readonly release: string;
  /** Kubernetes' own number, shown only; empty where no ReplicaSet carries the release any more. */
  readonly revision: string;
  readonly images: StringMap;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Empty for what came by another hand. */
  readonly verdict: Verdict | '';
  readonly live: boolean;
  readonly lastGood: boolean;
  /** Where a rollback would take the bits from; empty where it could not. */
  readonly restorable: 'replica-set' | 'ledger-snapshot' | '';
  readonly note: string;
}
