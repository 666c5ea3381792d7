import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { type Desk, openDesk } from '../../sandbox/desk/desk.ts';
import type { TestCluster } from '../../sandbox/desk/test-cluster.ts';
import type { ActionRun } from '../../sandbox/runner/run-action.ts';
import { type Seeded, seeded } from '../release/seeded.ts';
import { beginnings, type Errand, errands, expectSettled, prepareFor } from './errands.ts';
import { scattered } from './scattered.ts';
import { rollBack, type Story, well } from './story.ts';
import { tellAll } from './telling.ts';
import { trainErrands } from './train-errands.ts';
import { expectOneTruthOf, mateAnswers } from './train-mates.ts';

const all = [...errands, ...trainErrands];

/** How long an errand takes that nobody disturbs. */
interface Length {
  readonly ms: number;
  readonly requests: number;
}

/** The next run comes at once, or when what was left alone has gone its way for a while. */
const patienceMs = [0, 300, 1_500] as const;

/** One test a kill, each with a seed of its own that its title names. */
export function killAll(cluster: TestCluster, lengths: readonly Length[], kills: number, seed: number): void {
  const killed: boolean[] = [];
  const stories = Array.from({ length: kills }, (_, index) => {
    const which = index % all.length;
    const [errand, length] = [all[which], lengths[which]];
    if (!errand || !length) throw new Error('no errand');
    return kill((seed + index) >>> 0, errand, length, killed);
  });
  tellAll(cluster, stories);
  test(`many of ${kills} runs from seed ${seed} were killed under way`, () => {
    expect(killed.filter(Boolean).length).toBeGreaterThan(kills / 3);
  });
}

/** Runs every errand once, undisturbed; a few at once, since one that fails on a busy node fails them all. */
export async function measureErrands(cluster: TestCluster): Promise<readonly Length[]> {
  const [lengths, atOnce]: [Length[], number] = [[], 3];
  for (let from = 0; from < all.length; from += atOnce) {
    const some = all.slice(from, from + atOnce);
    lengths.push(...(await Promise.all(some.map((errand) => measure(cluster, errand)))));
  }
  return lengths;
}

/** Somewhere in the run, by the clock or by its requests. */
function kill(seed: number, errand: Errand, { ms, requests }: Length, killed: boolean[]): Story {
  const random = seeded(scattered(seed));
  const moment = chooseMoment(random, ms, requests);
  const [later, beginning] = [random.pick(patienceMs), random.pick(beginnings)];
  return {
    title: `kill ${seed}: ${errand.title} after one that was ${beginning}, dead ${moment.title}, again after ${later} ms`,
    tell: async (desk) => {
      const before = await prepareFor(desk, errand, beginning);
      const death = new AbortController();
      const kubeconfig = await moment.arrange(desk, () => death.abort());
      const dead = await desk.run('root', { ...errand.inputs, ...kubeconfig }, { killed: death.signal });
      killed.push(dead.exitCode === null);
      for (const mate of errand.mates) await expectOneTruthOf(desk, mate);
      await pause(later);
      expectEnded(await desk.run('root', errand.inputs), errand);
      await expectSettled(desk, errand, before);
      if (errand.serves === '1.1') await expectWayBack(desk, errand);
    },
  };
}

/** The release before is still known on every workload. */
async function expectWayBack(desk: Desk, { mates }: Errand): Promise<void> {
  const { outputs } = await well(rollBack(desk, '', { deployment: mates.join(', ') }));
  expect(outputs['release']).toBe('1.0');
  for (const mate of mates) await mateAnswers(desk, mate, '1.0');
}

interface Moment {
  readonly title: string;
  /** Calls `die` when it has come; returns the inputs by which the run passes. */
  readonly arrange: (desk: Desk, die: () => void) => Promise<Readonly<Record<string, string>>>;
}

function chooseMoment(random: Seeded, ms: number, requests: number): Moment {
  const [byClock, share, delay] = [random.integer(2) === 0, random.integer(1_000) / 1_000, random.integer(30)];
  if (byClock) {
    const after = Math.round(share * ms);
    const arrange: Moment['arrange'] = async (_desk, die) => {
      setTimeout(die, after);
      return {};
    };
    return { title: `after ${after} ms`, arrange };
  }
  const last = 1 + Math.floor(share * requests);
  let count = 0;
  const arrange: Moment['arrange'] = async (desk, die) => {
    const meet = () => {
      count += 1;
      if (count === last) setTimeout(die, delay);
    };
    return { kubeconfig: await desk.kubeconfigPast(meet) };
  };
  return { title: `${delay} ms after request ${last}`, arrange };
}

async function measure(cluster: TestCluster, errand: Errand): Promise<Length> {
  const desk = await openDesk(cluster);
  try {
    await prepareFor(desk, errand, 'applied');
    let requests = 0;
    const count = () => {
      requests += 1;
    };
    const kubeconfig = await desk.kubeconfigPast(count);
    const run = await desk.run('root', { ...errand.inputs, kubeconfig });
    expectEnded(run, errand);
    return { ms: run.durationMs, requests };
  } finally {
    await desk.close();
  }
}

function expectEnded({ outputs, log }: ActionRun, { outcomes }: Errand): void {
  if (!outcomes.includes(outputs['outcome'] ?? '')) throw new Error(`ended as ${outputs['outcome']}:\n${log}`);
}
