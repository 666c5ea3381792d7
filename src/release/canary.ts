/** How many pods of a new release run beside the old one: a number of pods, or a share of the replicas. */
export type CanarySize = { readonly pods: number } | { readonly percent: number };

/** A canary in a workload's ledger: what is held back, and how far it is. Its borrowed fields stand in the loan. */
export interface HeldCanary {
  readonly release: string;
  /** Digest of its bits: with another template live, the canary is gone. */
  readonly digest: string;
  /** The release that it stands beside, and goes back to. */
  readonly from: string;
  /** All sizes that were asked for; after the last one comes everything. */
  readonly sizes: readonly CanarySize[];
  /** Which of them was put there last, from 0. */
  readonly step: number;
  /** Since when it stands there, seen well. ISO 8601, UTC; undefined while it grows. */
  readonly heldSince?: string;
}

/** A size in pods: a share is rounded up, and no canary is smaller than one pod or larger than the workload. */
export function podsOf(size: CanarySize, replicas: number): number {
  const pods = 'pods' in size ? size.pods : Math.ceil((size.percent * replicas) / 100);
  return Math.min(replicas, Math.max(1, pods));
}
