import { expect } from '@jest/globals';
import { type Desk, openDesk } from '../../sandbox/desk/desk.ts';
import type { TestCluster } from '../../sandbox/desk/test-cluster.ts';
import type { RollPorts } from '../../src/operations/roll-workload.ts';
import type { Result } from '../../src/result.ts';
import { type Seeded, seeded } from '../release/seeded.ts';
import { type CanaryDesk, expectReturned, openCanaryDesk, readCanary, templateOf } from './canary-desk.ts';
import { chooseHand } from './canary-life-hands.ts';
import { chooseRun, runDeploy } from './canary-life-runs.ts';
import { expectOneTruth } from './ledger-book.ts';
import { KILLED, mortal } from './mortal.ts';
import { scattered } from './scattered.ts';

/** A workload in whose life canaries come and go, and what must be true of it. */
export interface Life {
  readonly desk: Desk;
  readonly shop: CanaryDesk;
  readonly random: Seeded;
  /** Everything that happened. */
  readonly told: string[];
  /** The hash of the template that was complete last. */
  old: string;
  /** How many releases there were. */
  releases: number;
  /** What somebody changed of its own limits. */
  own: object;
  replicas: number;
  /** Pods of a canary that nobody but Rollkey had a hand in; undefined where nothing was promised. */
  promised: number | undefined;
  /** Complete, and nobody had a hand in it since. */
  calm: boolean;
}

/** What Rollkey does in one run. */
export interface RunDeed {
  readonly title: string;
  /** The most new pods that there may be meanwhile, where old ones may not be missing; undefined where they leave. */
  readonly promises: number | undefined;
  readonly run: (ports: RollPorts) => Promise<Result>;
}

/** What somebody else does. */
export interface HandDeed {
  readonly title: string;
  readonly act: () => Promise<unknown>;
}

/** The ends of a run after which nothing may be borrowed any more. */
const settled = ['succeeded', 'unchanged', 'aborted', 'rolled-back'];

/**
 * Lives a life of so many steps and a last one that settles it. Throws, with all that happened, where a promise was
 * broken, a field did not come back, or ledger and cluster disagree.
 */
export async function liveCanaries(cluster: TestCluster, ports: RollPorts, seed: number, steps: number): Promise<void> {
  const desk = await openDesk(cluster, 'life');
  const random = seeded(scattered(seed));
  const replicas = 2 + random.integer(3);
  const shop = await openCanaryDesk(desk, replicas);
  const life: Life = {
    ...{ desk, shop, random, told: [], old: await templateOf(desk), releases: 0, own: {}, replicas },
    ...{ promised: undefined, calm: true },
  };
  try {
    for (let step = 0; step < steps; step += 1) {
      if (random.integer(4) === 0) await act(life);
      else await run(life, await chooseRun(life), ports, random.integer(4) === 0);
    }
    await settle(life, ports);
  } catch (error) {
    throw new Error(`life ${seed}:\n  ${life.told.join('\n  ')}\n${error instanceof Error ? error.stack : error}`);
  } finally {
    shop.close();
    await desk.close();
  }
}

async function act(life: Life): Promise<void> {
  const { title, act } = await chooseHand(life);
  life.told.push(title);
  await act();
  life.promised = undefined;
  life.calm = false;
}

async function run(life: Life, deed: RunDeed, ports: RollPorts, killed: boolean): Promise<Result | undefined> {
  const { desk, told, shop, random } = life;
  const death = { call: 1 + random.integer(16), arrives: random.integer(2) === 0 };
  told.push(deed.title);
  await shop.counts();
  const result = await deed.run(killed ? mortal(ports, death) : ports).catch((error: unknown) => {
    if (error !== KILLED) throw error;
    told.push(`  killed at call ${death.call}${death.arrives ? ', which arrived' : ''}`);
    return undefined;
  });
  if (result) told.push(`  ${result.outcome} (${result.reasonCode}): ${result.message}`);
  const isSettled = result !== undefined && settled.includes(result.outcome);
  if (isSettled) await expectSettled(life);
  const counts = await shop.counts(life.old);
  if (isSettled) life.old = await templateOf(desk);
  if (deed.promises !== undefined) {
    expect(counts.mostNew).toBeLessThanOrEqual(deed.promises);
    expect(counts.fewestOldReady).toBeGreaterThanOrEqual(life.replicas);
    if (result?.reasonCode === 'canary-held') expect(counts.last.new.ready).toBe(deed.promises);
  }
  if (result?.reasonCode === 'canary-held') expect(await readCanary(desk)).toHaveProperty('heldSince');
  life.promised = isSettled ? undefined : deed.promises;
  life.calm = isSettled;
  return result;
}

async function expectSettled({ desk, shop, own, replicas }: Life): Promise<void> {
  await expectReturned(desk, shop, own);
  expect((await desk.deployment()).spec.replicas).toBe(replicas);
}

/** One more release, as whoever comes next would deploy it: what is paused by somebody else is theirs to resume. */
async function settle(life: Life, ports: RollPorts): Promise<void> {
  const { desk, told } = life;
  const first = await run(life, runDeploy(life), ports, false);
  if (first?.reasonCode === 'preflight-refused' && (await desk.deployment()).spec.paused) {
    told.push('resume, to settle');
    await desk.byHand.patch('web', { spec: { paused: null } });
    const second = await run(life, runDeploy(life), ports, false);
    expect(second?.outcome).toBe('succeeded');
  } else expect(first?.outcome).toBe('succeeded');
  await expectSettled(life);
  await expectOneTruth(desk);
}
