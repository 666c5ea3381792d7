import { setImmediate as turn } from 'node:timers/promises';
import { WORKFLOWS_LOGIN } from '../../src/gate/trust.ts';
import { askGate } from '../../src/operations/ask-gate.ts';
import { blockRelease } from '../../src/operations/block-release.ts';
import { roll } from '../../src/operations/roll.ts';
import { unblockRelease } from '../../src/operations/unblock-release.ts';
import type { Clock, Cluster, Gate } from '../../src/ports.ts';
import { createLogBook } from '../fakes/log-book.ts';
import { type Seeded, seeded } from '../release/seeded.ts';
import { judge, openJournal, type RaceJournal } from './race-journal.ts';
import { CRASHING, imageOf, openShop, request, type Shop } from './shop.ts';

/** Where a race is run: a log that everybody reaches by a gate of their own, at a pace that the seed says. */
export interface RaceGround {
  readonly clock: Clock;
  /** Gates from now on are as slow and as forgetful as this race wants them. */
  readonly prepare: (random: Seeded) => void;
  readonly gate: () => Gate;
  /** What is kept, whatever lists show. */
  readonly payloads: () => readonly { readonly id: number; readonly payload: unknown }[];
}

interface Stage extends RaceJournal {
  readonly release: string;
  readonly scope: string;
  readonly trust: readonly string[];
  readonly ground: RaceGround;
}

type Actor = (stage: Stage) => Promise<void>;

const origin = { actor: 'octocat', runUrl: '', runId: '4711' };
const who = { reason: 'a race', origin };

const block: Actor = async (stage) => {
  const ports = { gate: stage.watched(stage.ground.gate()), clock: stage.ground.clock, log: createLogBook() };
  const { id } = await blockRelease(ports, { ...stage, ...who, environment: 'staging' });
  stage.acknowledged(id);
};

const unblock =
  (named?: number): Actor =>
  async (stage) => {
    const ports = { gate: stage.watched(stage.ground.gate()), clock: stage.ground.clock };
    await unblockRelease(ports, { ...stage, ...who, block: named });
  };

/** The action gate/, of a job that runs when it is open. */
const ask: Actor = async (stage) => {
  const { clock } = stage.ground;
  const passage = { environment: 'production', after: '', soakMs: 0, allowRedeploy: false };
  const asked = stage.now();
  const ports = { gate: stage.watched(stage.ground.gate()), clock, log: createLogBook() };
  const { kind } = await askGate(ports, { ...stage, ...passage });
  if (kind === 'open') stage.promoted('gate/', asked);
  else stage.stopped();
};

/** The root action, which asks right before it writes. */
const enter: Actor = async (stage) => {
  const [shop, gate] = [openShop(), stage.watched(stage.ground.gate())];
  shop.cluster.faults.at('patch', () => stage.promoted('the action', gate.lastRead()));
  const { scope, trust, release } = stage;
  const wanted = { environment: 'production', scope, trust, images: `app=web:${release}` };
  const { outcome } = await roll({ ...shop, clock: stage.ground.clock, gate }, request(release, wanted));
  if (outcome === 'blocked') stage.stopped();
};

/** The root action, in staging, where the release crashes: it is rolled back, and blocked. */
const rollBack: Actor = async (stage) => {
  const [shop, gate] = [openShop(), stage.watched(stage.ground.gate())];
  const { scope, trust, release } = stage;
  shop.cluster.broken.set(`web:${release}`, CRASHING);
  const wanted = { environment: 'staging', scope, trust, images: `app=web:${release}` };
  const { gate: report } = await roll({ ...shop, clock: stage.ground.clock, gate }, request(release, wanted));
  for (const made of report.blocks) if (made.id !== undefined) stage.acknowledged(made.id);
};

/**
 * The root action on a workload that others have, too, where the release crashes: who loses a write to another one's undo
 * looks and decides again, and by then has to know of the block that was acknowledged before. Its writes take so many turns.
 */
const bringTo =
  (shop: Shop, turns: number): Actor =>
  async (stage) => {
    let looked = 0;
    const cluster: Cluster = {
      ...shop.cluster,
      getWorkload: async (ref) => {
        looked = stage.now();
        return shop.cluster.getWorkload(ref);
      },
      patchWorkload: async (ref, patch, options) => {
        for (let count = 0; count < turns; count += 1) await turn();
        const written = await shop.cluster.patchWorkload(ref, patch, options);
        if (!options?.dryRun && imageOf(written) === `web:${stage.release}`) stage.promoted('the action', looked);
        return written;
      },
    };
    const { scope, trust, release, ground } = stage;
    const ports = { ...shop, cluster, clock: ground.clock, gate: stage.watched(ground.gate()) };
    const wanted = { environment: 'staging', scope, trust, images: `app=web:${release}` };
    const { outcome, gate: report } = await roll(ports, request(release, wanted));
    if (outcome === 'blocked') stage.stopped();
    for (const made of report.blocks) if (made.id !== undefined) stage.acknowledged(made.id);
  };

const again =
  (actor: Actor, times: number): Actor =>
  async (stage) => {
    for (let count = 0; count < times; count += 1) await actor(stage);
  };

/** Somebody who comes later than the others, by so many requests. */
const later =
  (turns: number, actor: Actor): Actor =>
  async (stage) => {
    for (let count = 0; count < turns; count += 1) await turn();
    await actor(stage);
  };

/** What happened before, and who then does what at the same time. */
interface Cast {
  readonly before: readonly Actor[];
  readonly actors: readonly Actor[];
}

const promotions = [again(ask, 3), enter, again(enter, 3)];

function castFor(name: CastName, lastBlock: () => number): Cast {
  switch (name) {
    case 'block and promote':
      return { before: [], actors: [block, ...promotions] };
    case 'automatic rollback and promote':
      return { before: [], actors: [rollBack, ...promotions] };
    case 'two blocks':
      return { before: [], actors: [block, rollBack, ...promotions] };
    case 'one workload for all': {
      const shop = openShop();
      shop.cluster.broken.set('web:1.1', CRASHING);
      return {
        before: [],
        actors: [again(bringTo(shop, 5), 2), ...[100, 300, 600].map((turns) => bringTo(shop, turns))],
      };
    }
    case 'block and unblock':
      return { before: [block], actors: [block, unblock(), ...promotions] };
    default: {
      const old: Actor = (stage) => unblock(lastBlock())(stage);
      let first = 0;
      const remember: Actor = async () => {
        first = lastBlock();
      };
      const rerun: Actor = (stage) => unblock(first)(stage);
      return { before: [block, remember, old], actors: [block, again(rerun, 2), ...promotions] };
    }
  }
}

export const CASTS = [
  'block and promote',
  'automatic rollback and promote',
  'two blocks',
  'one workload for all',
  'block and unblock',
  'an old unblock runs again',
] as const;
export type CastName = (typeof CASTS)[number];

export interface RaceEnd {
  /** What rule was broken, in a line. */
  readonly problem: string | undefined;
  /** How often the gate was open, and how often it was closed. */
  readonly passed: number;
  readonly stopped: number;
}

/** Runs one race. */
export async function race(name: CastName, seed: number, ground: RaceGround): Promise<RaceEnd> {
  const random = seeded(seed);
  // A generator of this kind begins with what its seed looks like.
  random.integer(2);
  ground.prepare(random);
  const subject = { scope: `${name.replaceAll(' ', '-')}-${seed}`, release: '1.1' };
  const journal = openJournal(subject);
  const stage: Stage = { ...journal, ...subject, ground, trust: [WORKFLOWS_LOGIN] };
  const { before, actors } = castFor(name, journal.lastBlock);
  for (const actor of before) await actor(stage);
  await Promise.all(actors.map((actor) => later(random.integer(30), actor)(stage)));
  const problem = await judge(journal, stage, ground);
  return { problem, passed: journal.told().promotions.length, stopped: journal.told().stops };
}
