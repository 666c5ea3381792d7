/** A value measured at a size. */
export interface Point {
  readonly size: number;
  readonly value: number;
}

/** How much each further one adds, between every size and the next: equal numbers are a straight line. */
export function slopes(points: readonly Point[]): readonly number[] {
  return points.slice(1).map(({ size, value }, index) => {
    const before = points[index] ?? { size: 0, value: 0 };
    return (value - before.value) / (size - before.size);
  });
}
