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
  /** While a canary is held, what it stands beside. */
  readonly live: boolean;
  /** Whether it is held as a canary. */
  readonly canary: boolean;
  /** Pods of it that are ready now. */
  readonly pods: number;
  readonly lastGood: boolean;
  /** Where a rollback would take the bits from; empty where it could not. */
  readonly restorable: 'replica-set' | 'ledger-snapshot' | '';
  readonly note: string;
}
