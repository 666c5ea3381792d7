import type { Closed } from '../gate/rule.ts';
import type { StoredLedger } from '../ports.ts';
import { findEntry, isGood } from '../release/ledger.ts';
import type { WorkloadResult } from '../result.ts';
import type { Deployment } from '../rollout/objects.ts';
import type { Step } from './prepare.ts';
import type { RolloutEnd } from './watch-rollout.ts';

/** One workload's part of a run, up to where it can be judged. */
export type Leg =
  /** It was watched to an end, or until nobody waited for it any more. */
  | (Started & { readonly kind: 'watched'; readonly end: RolloutEnd })
  /** The bits are live and complete already: nothing was written, nothing watched. */
  | (Started & { readonly kind: 'kept' })
  /** It went no further, and there is nothing left to do; `closed` is why the gate stopped it, where it did. */
  | { readonly kind: 'ended'; readonly step: Step; readonly result: WorkloadResult; readonly closed?: Closed };

interface Started {
  readonly step: Step;
  readonly stored: StoredLedger | undefined;
  /** As the write left it. */
  readonly deployment: Deployment;
  readonly seconds: number;
  readonly warnings: readonly string[];
}

/** Whether the leg ended with a verdict against the release. */
export function isRefuted(leg: Leg): boolean {
  return leg.kind === 'watched' && ['failed', 'stalled', 'timed-out'].includes(leg.end.status.state);
}

/** Whether nothing was written, since a release is live that was verified before: it may lack pods, but it was good. */
export function isStanding({ survey, change, canary }: Step): boolean {
  const { ledger, live } = survey.state;
  const entry = findEntry(ledger, live.release);
  // A canary that goes on replaces pods, though its template is there.
  return canary === undefined && change.kind === 'keep' && entry !== undefined && isGood(entry);
}

/** Whether it has the release now, and may be taken back: what the API kept us from seeing may have moved all the same. */
export function hasMoved(leg: Leg): boolean {
  switch (leg.kind) {
    case 'watched':
      return !isStanding(leg.step) && leg.end.status.state !== 'superseded' && leg.end.status.state !== 'deleted';
    case 'ended':
      return leg.result.changed && leg.result.reasonCode.startsWith('cluster-');
    case 'kept':
      return false;
  }
}

/** Whether nobody waited for it any more. */
export function wasHalted(leg: Leg): boolean {
  return leg.kind === 'watched' && leg.end.status.state === 'halted';
}
