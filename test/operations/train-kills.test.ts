import { describe, expect, test } from '@jest/globals';
import { roll } from '../../src/operations/roll.ts';
import type { RollPorts } from '../../src/operations/roll-workload.ts';
import type { TrainRequest } from '../../src/operations/train-request.ts';
import type { Result } from '../../src/result.ts';
import type { ContainerStatus } from '../../src/rollout/objects.ts';
import { KILLED, mortal } from '../stories/mortal.ts';
import { CRASHING, imageOf, openShop, request, type Shop } from './shop.ts';

const refs = ['web', 'jobs'];
const BAD = 'web:1.1-bad';
/** Some hundred runs. */
const LONGEST_MS = 60_000;

/** The others are complete before it crashes. */
const STARTING: ContainerStatus = {
  ...{ name: 'app', ready: false, restartCount: 0 },
  state: { waiting: { reason: 'ContainerCreating' } },
};

interface Errand {
  readonly before: readonly TrainRequest[];
  readonly wanted: TrainRequest;
  readonly outcomes: readonly string[];
  readonly serves: string;
}

const onceGood = request('1.1', { refs, images: `app=web:1.1\njobs/app=${BAD}` });
const good = request('1.1', { refs, images: 'app=web:1.1' });

const errands: Readonly<Record<string, Errand>> = {
  'a train': { before: [], wanted: good, outcomes: ['succeeded', 'unchanged'], serves: '1.1' },
  'a train back by name': {
    before: [good],
    wanted: request('1.0', { refs, requested: 'rollback' }),
    outcomes: ['succeeded', 'unchanged'],
    serves: '1.0',
  },
  'a train that was left before, of which one crashes now': {
    before: [onceGood, request('1.0', { refs, requested: 'rollback' })],
    wanted: onceGood,
    outcomes: ['rolled-back'],
    serves: '1.0',
  },
  'a train of which one crashes': {
    before: [],
    wanted: onceGood,
    outcomes: ['rolled-back'],
    serves: '1.0',
  },
};

async function open({ before }: Errand): Promise<Shop> {
  const shop = openShop(refs);
  for (const wanted of before) await rolled(shop, shop, wanted);
  shop.cluster.broken.set(BAD, STARTING);
  return shop;
}

async function rolled(shop: Shop, ports: RollPorts, wanted: TrainRequest): Promise<Result | undefined> {
  let over = false;
  const rolling = roll(ports, wanted)
    .catch((error: unknown) => {
      if (error !== KILLED) throw error;
      return undefined;
    })
    .finally(() => {
      over = true;
    });
  for (let seconds = 1; seconds <= 30 && !over; seconds++) {
    await shop.clock.advance(1_000);
    if (seconds !== 3 || !shop.cluster.broken.has(BAD)) continue;
    shop.cluster.broken.set(BAD, CRASHING);
    shop.cluster.change('jobs', (deployment) => deployment);
  }
  return rolling;
}

describe.each(Object.entries(errands))('%s', (_title, errand) => {
  test(
    'killed at any call, before it or after it: the next run brings all to the same end',
    async () => {
      const wrong: object[] = [];
      let [call, died] = [0, true];
      while (died) {
        call += 1;
        for (const arrives of [false, true]) {
          const shop = await open(errand);
          died =
            (await rolled(shop, { ...mortal(shop, { call, arrives }), clock: shop.clock }, errand.wanted)) ===
            undefined;
          const outcome = (await rolled(shop, shop, errand.wanted))?.outcome ?? '';
          const serving = new Set(refs.map((name) => imageOf(shop.cluster.deployment(name))));
          const isRight =
            serving.size === 1 && serving.has(`web:${errand.serves}`) && errand.outcomes.includes(outcome);
          if (!isRight) wrong.push({ call, arrives, outcome, serving: [...serving] });
        }
      }
      expect(call).toBeGreaterThan(20);
      expect(wrong).toEqual([]);
    },
    LONGEST_MS,
  );
});
