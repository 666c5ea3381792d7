import { cpus } from 'node:os';
import { type Bench, openBench } from './bench.ts';
import { distSize } from './dist-size.ts';
import { type HistoryJob, listing, measureHistory, prepareHistory, rollingBack } from './history.ts';
import { secondsOf } from './process.ts';
import { comparisonHead, comparisonRow, growthTable, type Sized, sizeTable } from './report.ts';
import { countRollbacks, prepareReleases, timeRollbacks } from './rollback.ts';
import { measuredSides } from './sides.ts';
import { measureStartUps } from './start-up.ts';
import { compare, median } from './statistics.ts';
import { formatTable } from './table.ts';

/** Seconds after which no further comparison begins. */
const budget = 270;

/** Prints figures of the built action beside kubectl's, on a bed. */
export async function compareWithKubectl(): Promise<void> {
  const began = performance.now();
  const seconds = () => (performance.now() - began) / 1000;
  const bench = await openBench(console.error);
  try {
    await introduce(bench);
    for (const part of [compareRollbacks, compareStartUps, compareHistories, compareTrains, compareTrainsOfPods]) {
      if (seconds() < budget) await part(bench);
      else title(`Left out after ${budget} s, the machine is too busy: ${part.name}`);
    }
  } finally {
    await bench.close();
  }
  console.log(`\nTook ${seconds().toFixed(0)} s.`);
}

async function introduce({ bed }: Bench): Promise<void> {
  const { gitVersion } = JSON.parse((await bed.get('/version')).body) as { readonly gitVersion: string };
  const { files, bytes, gzipped } = distSize();
  console.log(
    `The built action and kubectl, by turns, on Kubernetes ${gitVersion}, ${cpus().length} CPUs, Node.js ${process.version}.`,
  );
  console.log(
    'The action runs without its window after a rollout (monitor: 0s), since kubectl has none.\nRatios are action / kubectl, the median of each pair of runs next to each other: below 1, the action needs less.',
  );
  console.log(`dist: ${files} files, ${kilobytes(bytes)} kB, ${kilobytes(gzipped)} kB gzipped`);
}

async function compareRollbacks(bench: Bench): Promise<void> {
  const [pairs, counted] = [7, 3];
  await prepareReleases(bench, ['web'], 3);
  await warmUp(bench, 'web');
  const { action, kubectl } = await timeRollbacks(bench, ['web'], 3, pairs);
  const row = (name: string, of: (timed: (typeof action)[number]) => number) =>
    comparisonRow(name, compare(action.map(of), kubectl.map(of)), 3);
  title(
    `Rollback by name, 3 replicas, readiness asked each second: seconds from process start, medians of ${pairs} pairs`,
  );
  print([
    comparisonHead,
    row('until the template was written', ({ written }) => written),
    row('until the old release was available', ({ available }) => available),
    row('until the process ended', ({ ended }) => ended),
  ]);
  const costs = await countRollbacks(bench, ['web'], 3, counted);
  const cost = (name: string, of: (cost: (typeof costs.action)[number]) => number) =>
    comparisonRow(name, compare(costs.action.map(of), costs.kubectl.map(of)), 0);
  title(`What such a rollback costs, medians of ${counted} pairs that were not timed`);
  print([
    comparisonHead,
    cost('requests, without watches (audit log)', ({ requests }) => requests),
    cost('watches (audit log)', ({ watches }) => watches),
    cost('connections', ({ connections }) => connections),
    cost('kB received, with TLS', ({ received }) => received / 1000),
    cost('MB of memory at its peak, largest process', ({ memory }) => memory),
  ]);
}

async function compareStartUps(bench: Bench): Promise<void> {
  const rounds = 15;
  const seconds = await measureStartUps(bench, rounds);
  const over = seconds.action.map((value, index) => value - (seconds.bareNode[index] ?? Number.NaN));
  const row = (name: string, values: readonly number[]) => [name, (median(values) * 1000).toFixed(0)];
  title(`From process start to the first request at a server on this machine: ms, medians of ${rounds} rounds`);
  print([
    ['', 'ms'],
    row('node -e 0, start to end', seconds.bareNode),
    row('action', seconds.action),
    row('action, over node -e 0 of its round', over),
    row('kubectl rollout history', seconds.kubectl),
  ]);
}

async function compareHistories(bench: Bench): Promise<void> {
  const [sizes, pairs] = [[10, 100, 1000], 7];
  const listed: Sized[] = [];
  const rolled: Sized[] = [];
  for (const size of sizes) {
    const name = `history-${size}`;
    await prepareHistory(bench, name, size);
    const measure = async (job: HistoryJob) => ({ size, sides: await measureHistory(bench, name, job, pairs) });
    listed.push(await measure(listing));
    rolled.push(await measure(rollingBack));
  }
  title(
    `A long history, listed: medians of ${pairs} pairs timed, 1 counted (the API server compresses answers above 128 KiB)`,
  );
  printGrowth('ReplicaSets', listed);
  title(
    `A long history, rolled back in, by name, without pods (the tools' own time): medians of ${pairs} pairs timed, 1 counted`,
  );
  printGrowth('ReplicaSets', rolled);
}

async function compareTrains(bench: Bench): Promise<void> {
  const [sizes, pairs] = [[1, 5, 20], 7];
  const bare: Sized[] = [];
  for (const size of sizes) bare.push(await measureTrain(bench, size, 0, pairs));
  title(
    `Several workloads rolled back in one run, without pods (the controller sends no more than 20 requests a second): medians of ${pairs} pairs timed, 1 counted; kubectl undoes one after the other, then waits for each`,
  );
  printGrowth('workloads', bare);
}

async function compareTrainsOfPods(bench: Bench): Promise<void> {
  const [size, pairs] = [20, 3];
  const real = await measureTrain(bench, size, 1, pairs);
  title(
    `The same with 1 replica each, whose pods this machine has to start: medians of ${pairs} pairs timed, 1 counted`,
  );
  print(sizeTable('workloads', [real]));
}

async function measureTrain(bench: Bench, size: number, replicas: number, pairs: number): Promise<Sized> {
  const names = Array.from({ length: size }, (_, index) => `train-${size}-${replicas}-${index + 1}`);
  const pods = size * replicas;
  await prepareReleases(bench, names, replicas);
  const timed = await timeRollbacks(bench, names, pods, pairs);
  const ends = (side: keyof typeof timed) => timed[side].map(({ ended }) => ended);
  const costs = await countRollbacks(bench, names, pods, 1);
  return { size, sides: measuredSides({ action: ends('action'), kubectl: ends('kubectl') }, costs) };
}

/** Both kubeconfigs once, so that kubectl has the API's resources in its discovery cache. */
async function warmUp({ tools: [, kubectl], straight, counted }: Bench, deployment: string): Promise<void> {
  for (const kubeconfig of [straight, counted]) await secondsOf(kubectl.history(kubeconfig, deployment));
}

function printGrowth(units: string, measured: readonly Sized[]): void {
  print(sizeTable(units, measured));
  print(growthTable(units, measured));
}

function title(text: string): void {
  console.log(`\n${text}`);
}

function print(rows: readonly (readonly string[])[]): void {
  console.log(formatTable(rows));
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toFixed(0);
}
