import { type HeldCanary, nextSize, podsOf, sizeText } from './canary.ts';

/** A canary that is held, for whoever reads of it. */
export interface CanaryReport {
  /** The release beside it. */
  readonly from: string;
  /** Ready pods of the new release, and of those beside it. */
  readonly pods: number;
  readonly beside: number;
  /** The size that it has, as it is written: `1`, or `25%`. */
  readonly size: string;
  /** The size after it that brings more pods; undefined where all pods come next. */
  readonly next?: NextSize;
  /** Whether a run ended that would have let it go on by itself. */
  readonly abandoned?: boolean;
}

export interface NextSize {
  readonly size: string;
  readonly pods: number;
}

/** What a run would do with a canary. */
export interface PlannedCanary {
  /** The release beside it. */
  readonly from: string;
  /** How many pods it would have; undefined for all. */
  readonly pods?: number;
  /** All sizes of it, as they are written. */
  readonly sizes: readonly string[];
}

/** The report on a canary of a workload with so many replicas. */
export function canaryReport(
  canary: HeldCanary,
  { pods, beside }: Pick<CanaryReport, 'pods' | 'beside'>,
  replicas: number,
): CanaryReport {
  const { from, sizes, step } = canary;
  const size = sizes[step];
  const next = sizes[nextSize(canary, replicas)];
  return {
    ...{ from, pods, beside, size: size ? sizeText(size) : '' },
    ...(next && { next: { size: sizeText(next), pods: podsOf(next, replicas) } }),
  };
}

/** `2 pods`, or `25% (3 pods)` where it is a share. */
export function nextText({ size, pods }: NextSize, show = (text: string) => text): string {
  return size.endsWith('%') ? `${show(size)} (${pods} pods)` : `${pods} pods`;
}
