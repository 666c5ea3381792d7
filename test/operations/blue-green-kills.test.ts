import { describe, expect, test } from '@jest/globals';
import { blueGreen } from '../../src/operations/blue-green.ts';
import type { BlueGreenRequest } from '../../src/operations/blue-green-request.ts';
import type { Check } from '../../src/ports.ts';
import { deploy, openTwoColours, pairRequest, run, standing, type TwoColours } from './blue-green-shop.ts';

/** Where a run dies: before its nth write, or after it, before it hears of it. */
interface Death {
  readonly write: number;
  readonly landed: boolean;
}

/** The same shop for a run that dies; `writes` tells how far it came. */
function mortal(shop: TwoColours, death: Death): { readonly shop: TwoColours; readonly writes: () => number } {
  let [count, dead] = [0, false];
  const never = () => new Promise<never>(() => undefined);
  const living = <A extends readonly unknown[], T>(call: (...args: A) => Promise<T>) => {
    return (...args: A) => (dead ? never() : call(...args));
  };
  const writing = <A extends readonly unknown[], T>(call: (...args: A) => Promise<T>, dry: (args: A) => boolean) => {
    return async (...args: A): Promise<T> => {
      if (dead) return never();
      if (dry(args)) return call(...args);
      count += 1;
      if (count !== death.write) return call(...args);
      dead = true;
      if (death.landed) await call(...args);
      return never();
    };
  };
  const { cluster, services, ledgers, clock } = shop;
  return {
    writes: () => count,
    shop: {
      ...shop,
      cluster: {
        ...cluster,
        getWorkload: living(cluster.getWorkload),
        listRevisions: living(cluster.listRevisions),
        patchWorkload: writing(cluster.patchWorkload, ([, , options]) => options?.dryRun === true),
      },
      services: {
        ...services,
        get: living(services.get),
        patch: writing(services.patch, ([, , options]) => options?.dryRun === true),
      },
      ledgers: { ...ledgers, read: living(ledgers.read), write: writing(ledgers.write, () => false) },
      clock: { ...clock, sleep: living(clock.sleep) },
    },
  };
}

interface Errand {
  readonly prepare: (shop: TwoColours) => Promise<unknown>;
  readonly wanted: BlueGreenRequest;
  readonly end: object;
}

const failing: Check = {
  ...{ name: 'smoke', early: false, intervalMs: 1_000, threshold: 1 },
  look: async () => ({ state: 'fail', message: '500' }),
};

const errands: Readonly<Record<string, Errand>> = {
  'forth, with the pods of the old colour taken': {
    prepare: async () => undefined,
    wanted: pairRequest('1.1', { scaleDownDelayMs: 5_000 }),
    end: { blue: 'web:1.0 x0', green: 'web:1.1 x2', selects: 'site-green' },
  },
  'forth, and back by itself': {
    prepare: async () => undefined,
    wanted: pairRequest('1.1', { checks: async ({ release }) => (release === '1.1' ? [failing] : []) }),
    end: { blue: 'web:1.0 x2', selects: 'site-blue' },
  },
  'back by name while the colour is up': {
    prepare: (shop) => deploy(shop, '1.1'),
    wanted: pairRequest('1.0', { requested: 'rollback' }),
    end: { blue: 'web:1.0 x2', green: 'web:1.1 x2', selects: 'site-blue' },
  },
  'back by name to a colour without pods': {
    prepare: (shop) => deploy(shop, '1.1', { scaleDownDelayMs: 0 }),
    wanted: pairRequest('1.0', { requested: 'rollback' }),
    end: { blue: 'web:1.0 x2', green: 'web:1.1 x2', selects: 'site-blue' },
  },
};

async function writesOf({ prepare, wanted }: Errand): Promise<number> {
  const shop = await openTwoColours();
  await prepare(shop);
  const counted = mortal(shop, { write: Number.POSITIVE_INFINITY, landed: false });
  await run(counted.shop, wanted, 30);
  return counted.writes();
}

describe.each(Object.entries(errands))('%s', (_title, errand) => {
  test('killed at any write, before it or after it: the next run comes to the same end', async () => {
    const writes = await writesOf(errand);
    expect(writes).toBeGreaterThan(2);
    for (let write = 1; write <= writes; write += 1)
      for (const landed of [false, true]) {
        const shop = await openTwoColours();
        await errand.prepare(shop);
        void blueGreen(mortal(shop, { write, landed }).shop, errand.wanted);
        for (let count = 0; count < 30; count += 1) await shop.clock.advance(1_000);
        await run(shop, errand.wanted, 30);
        expect({ write, landed, ...standing(shop) }).toMatchObject({ write, landed, ...errand.end });
      }
  });
});
