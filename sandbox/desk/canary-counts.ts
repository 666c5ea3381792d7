import type { PodCount, PodCounts } from './pod-counts.ts';

/** The farthest that the pods beside an old template went, over a time. */
export interface CanaryCounts {
  /** How many moments were looked at. */
  readonly moments: number;
  /** The most pods of any other template that existed at once. */
  readonly mostNew: number;
  /** The fewest pods of the old template that were ready at once. */
  readonly fewestOldReady: number;
  /** What there was at last: of the old template, and of all others. */
  readonly last: { readonly old: PodCount; readonly new: PodCount };
}

const none: PodCount = { existing: 0, ready: 0, terminating: 0 };

/** Sums moments up; `old` is the hash of the template that was there before. */
export function canaryCounts(moments: readonly PodCounts[], old: string): CanaryCounts {
  const sides = moments.map((counts) => ({ old: counts[old] ?? none, new: othersThan(counts, old) }));
  return {
    moments: sides.length,
    mostNew: Math.max(...sides.map((side) => side.new.existing)),
    fewestOldReady: Math.min(...sides.map((side) => side.old.ready)),
    last: sides.at(-1) ?? { old: none, new: none },
  };
}

function othersThan(counts: PodCounts, old: string): PodCount {
  return Object.entries(counts)
    .filter(([hash]) => hash !== old)
    .map(([, count]) => count)
    .reduce(
      (sum, { existing, ready, terminating }) => ({
        existing: sum.existing + existing,
        ready: sum.ready + ready,
        terminating: sum.terminating + terminating,
      }),
      none,
    );
}
