import { slopes } from '../growth.ts';
import { comparisonHead, comparisonRow } from '../report.ts';
import { compare, median } from '../statistics.ts';
import { formatTable } from '../table.ts';
import { type BusyTrain, measureBusyTrain } from './busy-train.ts';
import { measureIdleRollback, type Way } from './idle-rollback.ts';
import { type Laboratory, openLaboratory } from './laboratory.ts';
import { measureQuickness } from './quickness.ts';

/** Prints how soon bad releases are recognised and gone, beside helm, on a bed. */
export async function printQuickness(): Promise<void> {
  const measured = await inLaboratory(measureQuickness);
  const all = (of: (each: (typeof measured)[number]) => readonly number[]) => seconds(measured.flatMap(of));
  title('From the first sight of the deciding signal, by a watch apart from the action: seconds, medians');
  const decided = measured.filter((each) => each.decided.length > 0);
  print([
    ['', 'runs', 'until ROLLING_BACK', 'until it is written', 'slowest'],
    ...decided.map((each) => [
      `${each.release}, ${each.level}`,
      String(each.decided.length),
      seconds(each.decided),
      seconds(each.written),
      Math.max(...each.written).toFixed(3),
    ]),
    [
      'all',
      String(decided.flatMap((each) => each.decided).length),
      all((each) => each.decided),
      all((each) => each.written),
      '',
    ],
  ]);
  title(
    "From the start until 1.0 serves everything again: seconds, the action's medians; helm with --timeout 120s, once",
  );
  print([
    ['', 'runs', 'action', 'helm', 'ratio', 'of 600 s, the deadline that kubectl waits for'],
    ...measured.map(({ release, level, times, restored, helm }) => [
      `${release}, ${level}`,
      String(times),
      restored.toFixed(2),
      helm.toFixed(2),
      (restored / helm).toFixed(3),
      (restored / 600).toFixed(4),
    ]),
  ]);
}

/** Prints how soon a release is taken back whose pods serve nobody, beside a kubectl script, on a bed. */
export async function printIdleRollbacks(): Promise<void> {
  const rounds = 5;
  const ways: readonly Way[] = ['automatic', 'by name', 'kubectl'];
  const taken: Readonly<Record<Way, number[]>> = { automatic: [], 'by name': [], kubectl: [] };
  await inLaboratory(async (laboratory) => {
    for (let round = 0; round < rounds; round += 1) {
      for (const way of round % 2 === 0 ? ways : ways.toReversed())
        taken[way].push(await measureIdleRollback(laboratory, way));
    }
  });
  title(
    `A complete release whose 3 pods serve nobody, taken back: seconds from the write until the old pods are all that serves, medians of ${rounds} rounds`,
  );
  print([
    comparisonHead,
    comparisonRow('by itself', compare(taken.automatic, taken.kubectl), 3),
    comparisonRow('by name', compare(taken['by name'], taken.kubectl), 3),
  ]);
}

/** Prints what trains cost whose pods change a lot, on embedded clusters. */
export async function printBusyTrains(): Promise<void> {
  const sizes = [1, 5, 20];
  const busy: BusyTrain[] = [];
  for (const size of sizes) busy.push(await measureBusyTrain(size, true));
  const calm = await measureBusyTrain(20, false);
  const figures = ['changes', 'requests', 'lists', 'watches', 'memory'] as const;
  const row = (name: string, of: (figure: (typeof figures)[number]) => number, decimals = 0) => [
    name,
    ...figures.map((figure) => of(figure).toFixed(decimals)),
  ];
  const further = sizes
    .slice(1)
    .map((size, index) =>
      row(
        `each further, from ${sizes[index]} to ${size}`,
        (figure) => slopes(busy.map((each) => ({ size: each.workloads, value: each[figure] })))[index] ?? Number.NaN,
        2,
      ),
    );
  title(
    'Trains of workloads of 10 pods on the embedded cluster, all of whose pods change four times a second: one run each',
  );
  print([
    ['workloads', 'changes of pods', 'requests', 'of these, lists', 'watches', 'MB of memory'],
    ...busy.map((each) => row(String(each.workloads), (figure) => each[figure])),
    row('20, whose pods change by the rollout alone', (figure) => calm[figure]),
    ...further,
  ]);
}

async function inLaboratory<T>(work: (laboratory: Laboratory) => Promise<T>): Promise<T> {
  const laboratory = await openLaboratory(console.error);
  try {
    return await work(laboratory);
  } finally {
    await laboratory.close();
  }
}

function title(text: string): void {
  console.log(`\n${text}`);
}

function print(rows: readonly (readonly string[])[]): void {
  console.log(formatTable(rows));
}

function seconds(values: readonly number[]): string {
  return median(values).toFixed(3);
}
