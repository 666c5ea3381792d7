import type { Ledger } from './ledger.ts';

/** How many pods of a new release run beside the old one: a number of pods, or a share of the replicas. */
export type CanarySize = { readonly pods: number } | { readonly percent: number };

/** One attempt of one run of a workflow: whoever runs it again has the same id, and the next attempt. */
export interface RunAttempt {
  readonly id: string;
  readonly attempt: number;
}

/** A canary in a workload's ledger: what is held back, and how far it is. Its borrowed fields stand in the loan. */
export interface HeldCanary {
  readonly release: string;
  /** Digest of its bits: with another template live, the canary is gone. */
  readonly digest: string;
  /** The release that it stands beside, and goes back to. */
  readonly from: string;
  /** The attempt of a workflow's run that began it. */
  readonly run?: RunAttempt;
  /** All sizes that were asked for; after the last one comes everything. */
  readonly sizes: readonly CanarySize[];
  /** Which of them was put there last, from 0; behind the last one: everything. */
  readonly step: number;
  /** Since when it stands there, seen well. ISO 8601, UTC; undefined while it grows. */
  readonly heldSince?: string;
  /** How often each of its pods had crashed by then, by uid; absent where that is not known. */
  readonly crashes?: Readonly<Record<string, number>>;
  /** The canary that it takes the place of; the one that counts until its own bits are live. */
  readonly replaces?: HeldCanary;
}

/** A size in pods: a share is rounded up, and no canary is smaller than one pod or larger than the workload. */
export function podsOf(size: CanarySize, replicas: number): number {
  const pods = 'pods' in size ? size.pods : Math.ceil((size.percent * replicas) / 100);
  return Math.min(replicas, Math.max(1, pods));
}

/** Which size comes next by its index: the first one that brings more pods; behind all sizes where none does. */
export function nextSize({ sizes, step }: HeldCanary, replicas: number): number {
  const now = sizes[step];
  const later = sizes.findIndex(
    (size, index) => index > step && now !== undefined && podsOf(size, replicas) > podsOf(now, replicas),
  );
  return later < 0 ? sizes.length : later;
}

/** `1`, or `25%`. */
export function sizeText(size: CanarySize): string {
  return 'pods' in size ? String(size.pods) : `${size.percent}%`;
}

/** The canary whose bits are live, by their digest; undefined where none is there, or not any more. */
export function canaryOf({ canary }: Pick<Ledger, 'canary'>, digest: string): HeldCanary | undefined {
  return [canary, canary?.replaces].find((each) => each?.digest === digest);
}

/**
 * Whether somebody only runs again what began it: reviewers who are asked in a job of that run have not been asked again, so
 * it stays as it is.
 */
export function isBegunAgain({ run }: HeldCanary, by: RunAttempt | undefined): boolean {
  return run !== undefined && by !== undefined && run.id === by.id && run.attempt < by.attempt;
}

/** Whether it is still held at a size; else everything is under way. */
export function isHeldBack({ step, sizes }: HeldCanary): boolean {
  return step < sizes.length;
}

/** The ledger in which a canary is about to be put where it says; one that is there counts until then. */
export function recordCanary(ledger: Ledger, canary: HeldCanary, liveDigest: string): Ledger {
  const { replaces: _replaced, ...before } = canaryOf(ledger, liveDigest) ?? canary;
  const { replaces: _before, ...next } = canary;
  return { ...ledger, canary: before.digest === next.digest ? next : { ...next, replaces: before } };
}

/** The ledger without a canary that was noted and not written, with the one `before` it; one of another run stays. */
export function withdrawCanary(ledger: Ledger, intended: HeldCanary, before: HeldCanary | undefined): Ledger {
  const { canary, ...others } = ledger;
  if (!canary) return ledger;
  const { replaces: _replaced, ...noted } = canary;
  const isOurs = noted.digest === intended.digest && noted.step === intended.step && noted.heldSince === undefined;
  return isOurs ? { ...others, ...(before && { canary: before }) } : ledger;
}

/** The ledger without a canary that stood and is gone; an intent may be another run's, and about to be written. */
export function withoutGone(ledger: Ledger, liveDigest: string): Ledger {
  const { canary, ...others } = ledger;
  return canary?.heldSince !== undefined && !canaryOf(ledger, liveDigest) ? others : ledger;
}

/** The ledger once a rollout of these bits was seen: `all` of them well, or a canary of them that stands. */
export function settleCanary(
  ledger: Ledger,
  seen: Pick<HeldCanary, 'digest' | 'heldSince' | 'crashes'> & { readonly all: boolean },
): Ledger {
  const { canary, ...others } = ledger;
  const live = canaryOf(ledger, seen.digest);
  if (!live || seen.all) return others;
  const { replaces: _gone, ...kept } = live;
  const { heldSince, crashes } = seen;
  if (heldSince === undefined) return { ...others, canary: kept };
  const { crashes: _before, ...growing } = kept;
  return { ...others, canary: { ...growing, heldSince, ...(crashes && { crashes }) } };
}
