import { afterAll, expect, test } from '@jest/globals';
import { CASTS, type CastName, race } from './gate-races.ts';
import { openGitHubGround } from './race-grounds.ts';

const first = Number(process.env['ROLLKEY_SOAK_SEED'] ?? 1);
const races = 60;
const ground = await openGitHubGround();

afterAll(ground.close);

/** How often the gate was open to somebody, and closed, over all orders of a cast. */
const ends = new Map<CastName, { passed: number; stopped: number }>();

const orders = CASTS.flatMap((cast) => Array.from({ length: races }, (_, index) => [cast, first + index] as const));

test.each(orders)(
  '%s, seed %i: nobody passes a block that was acknowledged',
  async (cast, seed) => {
    const { problem, passed, stopped } = await race(cast, seed, ground);
    const before = ends.get(cast) ?? { passed: 0, stopped: 0 };
    ends.set(cast, { passed: before.passed + passed, stopped: before.stopped + stopped });
    expect(problem).toBeUndefined();
  },
  60_000,
);

test.each(CASTS)('%s: it was open to some, and closed to others', (cast) => {
  const { passed = 0, stopped = 0 } = ends.get(cast) ?? {};
  expect({ passed: passed > 0, stopped: stopped > 0 }).toEqual({ passed: true, stopped: true });
});
