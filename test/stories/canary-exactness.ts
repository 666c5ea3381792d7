import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from '@jest/globals';
import { createCanaryByHand } from '../../sandbox/desk/canary-by-hand.ts';
import { type Desk, openDesk } from '../../sandbox/desk/desk.ts';
import { paced } from '../../sandbox/desk/pace.ts';
import { type TestCluster, webImage } from '../../sandbox/desk/test-cluster.ts';
import { abort, type CanaryDesk, expectHeld, expectReturned, held, openCanaryDesk } from './canary-desk.ts';
import { roll, well } from './story.ts';

/** A canary's size, and how many pods that is. */
export interface Exactness {
  readonly replicas: number;
  readonly size: string;
  readonly pods: number;
}

/** One pod, a quarter, a half and all, each of workloads of several sizes. */
export const everyExactness: readonly Exactness[] = [1, 2, 3, 10].flatMap((replicas) => [
  { replicas, size: '1', pods: 1 },
  { replicas, size: '25%', pods: Math.ceil(replicas / 4) },
  { replicas, size: '50%', pods: Math.ceil(replicas / 2) },
  { replicas, size: '100%', pods: replicas },
]);

/** One test for each size, in which so many canaries are held and aborted: exact at every moment, in all of them. */
export function tellExactness(cluster: TestCluster, exactnesses: readonly Exactness[], runs: number): void {
  const titled = exactnesses.map((each) => [titleOf(each, runs), each] as const);
  // Real nodes have no room for many workloads of twenty pods.
  const tell = cluster.kind === 'embedded' ? test.concurrent : test;
  tell.each(titled)('%s', (_title, each) => atDesk(cluster, (desk) => expectExact(desk, each, runs)), 600_000);
}

/** Prints how many new pods `kubectl set image` and a pause leave behind, for comparison: any number. */
export function printSpread(cluster: TestCluster, sizes: readonly number[], runs: number): void {
  const lines: string[] = [];
  test.each(sizes)(
    'kubectl set image and rollout pause of %i: the new pods, and the fewest old ones that were ready',
    async (replicas) => {
      const spread = await atDesk(cluster, (desk) => spreadOf(desk, replicas, runs));
      const [news, olds] = [spread.map(({ mostNew }) => mostNew), spread.map(({ fewestOldReady }) => fewestOldReady)];
      lines.push(`  ${replicas} replicas: new ${tally(news)}; fewest old ready ${tally(olds)}`);
      expect(news.length).toBe(runs);
    },
    600_000,
  );
  afterAll(() => {
    process.stderr.write(
      `kubectl set image and rollout pause, ${runs} runs each (pods, times):\n${lines.join('\n')}\n`,
    );
  });
}

function titleOf({ replicas, size, pods }: Exactness, runs: number): string {
  return `a canary of ${size} of ${replicas}: exactly ${pods} new beside ${replicas} ready old pods, ${runs} times`;
}

async function atDesk<T>(cluster: TestCluster, work: (desk: Desk) => Promise<T>): Promise<T> {
  const desk = await openDesk(cluster, 'exact');
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}

async function expectExact(desk: Desk, { replicas, size, pods }: Exactness, runs: number): Promise<void> {
  const shop = await openCanaryDesk(desk, replicas);
  for (let run = 1; run <= runs; run += 1) {
    const images = `web=${webImage('1.1')}`;
    await held(roll(desk, { release: `1.0.${run}`, images, canary: size }));
    await expectHeld(desk, { old: replicas, new: pods });
    const last = { old: { existing: replicas, ready: replicas }, new: { existing: pods, ready: pods } };
    expect(await shop.counts()).toMatchObject({ mostNew: pods, fewestOldReady: replicas, last });
    await well(abort(desk));
    await expectReturned(desk, shop);
    expect(await shop.counts()).toMatchObject({ mostNew: pods, fewestOldReady: replicas });
  }
  shop.close();
}

/** The pause comes somewhat later each time, as it does over a network. */
async function spreadOf(desk: Desk, replicas: number, runs: number) {
  const shop = await openCanaryDesk(desk, replicas);
  const canary = createCanaryByHand(desk.api, desk.namespace);
  const spread: Awaited<ReturnType<CanaryDesk['counts']>>[] = [];
  const stepMs = paced(desk, 4, 200);
  for (let run = 0; run < runs; run += 1) {
    await desk.byHand.setImage('web', webImage('1.1'));
    await pause((run % 10) * stepMs);
    await desk.byHand.pause('web');
    await pause(10 * stepMs);
    spread.push(await shop.counts());
    await canary.end(shop.before, 'old');
    await desk.complete();
    await shop.counts();
  }
  shop.close();
  return spread;
}

/** `3 (5), 4 (15)`: what came, and how often. */
function tally(values: readonly number[]): string {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([value, count]) => `${value} (${count})`)
    .join(', ');
}
