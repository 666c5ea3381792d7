/** The middle of the sorted values, or the mean of the two in the middle; NaN for none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

/** The medians of two series measured in pairs, and the median of the pairs' own ratios. */
export interface Comparison {
  readonly a: number;
  readonly b: number;
  readonly ratio: number;
  /** The smallest and the largest ratio of a pair. */
  readonly range: readonly [number, number];
  readonly pairs: number;
}

/** Compares two series whose values at the same index were measured next to each other. */
export function compare(a: readonly number[], b: readonly number[]): Comparison {
  const ratios = a.map((value, index) => value / (b[index] ?? Number.NaN));
  return {
    a: median(a),
    b: median(b),
    ratio: median(ratios),
    range: [Math.min(...ratios), Math.max(...ratios)],
    pairs: ratios.length,
  };
}
