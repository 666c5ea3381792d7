import { slopes } from './growth.ts';
import type { Measured, Sides } from './sides.ts';
import { type Comparison, compare, median } from './statistics.ts';

export const comparisonHead = ['', 'action', 'kubectl', 'ratio', 'of pairs'];

/** A table's row for one comparison: name, both medians, their ratio, and the pairs' lowest and highest. */
export function comparisonRow(name: string, { a, b, ratio, range }: Comparison, decimals: number): readonly string[] {
  const ends = range.map((end) => end.toFixed(2)).join(' to ');
  return [name, a.toFixed(decimals), b.toFixed(decimals), ratio.toFixed(2), ends];
}

/** What was measured at one size. */
export interface Sized {
  readonly size: number;
  readonly sides: Sides<Measured>;
}

interface Figure {
  readonly title: string;
  readonly of: (side: Measured) => number;
  readonly decimals: number;
}

const cost = (title: string, of: (cost: Measured['costs'][number]) => number, decimals = 0): Figure => ({
  title,
  of: ({ costs }) => median(costs.map(of)),
  decimals,
});

const figures: readonly Figure[] = [
  { title: 'ms', of: ({ seconds }) => median(seconds) * 1000, decimals: 0 },
  cost('requests', ({ requests }) => requests),
  cost('watches', ({ watches }) => watches),
  cost('connections', ({ connections }) => connections),
  cost('kB received', ({ received }) => received / 1000),
  cost('MB of memory', ({ memory }) => memory),
];

/** A table of what each size took, every cell `action / kubectl`, the ratio of the times first. */
export function sizeTable(unit: string, measured: readonly Sized[]): readonly (readonly string[])[] {
  const row = ({ size, sides }: Sized) => [
    String(size),
    compare(sides.action.seconds, sides.kubectl.seconds).ratio.toFixed(2),
    ...figures.map(({ of, decimals }) => beside(sides, (side) => of(side).toFixed(decimals))),
  ];
  return [[unit, 'ratio of times', ...figures.map(({ title }) => title)], ...measured.map(row)];
}

/** A table of what each further one costs between one size and the next: the same numbers twice are a straight line. */
export function growthTable(unit: string, measured: readonly Sized[]): readonly (readonly string[])[] {
  const growing = figures.filter(({ title }) => title !== 'connections');
  const rows = measured.slice(1).map(({ size }, index) => [
    `each, from ${measured[index]?.size} to ${size}`,
    ...growing.map(({ of }) =>
      beside({ action: 'action', kubectl: 'kubectl' } as const, (name) => {
        const points = measured.map((at) => ({ size: at.size, value: of(at.sides[name]) }));
        return (slopes(points)[index] ?? Number.NaN).toFixed(2);
      }),
    ),
  ]);
  return [[`further ${unit}`, ...growing.map(({ title }) => title)], ...rows];
}

function beside<T>({ action, kubectl }: Sides<T>, text: (side: T) => string): string {
  return `${text(action)} / ${text(kubectl)}`;
}
