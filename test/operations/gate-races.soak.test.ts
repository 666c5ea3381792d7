import { afterAll, expect, test } from '@jest/globals';
import { CASTS, race } from './gate-races.ts';
import { openGitHubGround } from './race-grounds.ts';

const first = Number(process.env['ROLLKEY_SOAK_SEED'] ?? 1);
const races = 60;
const ground = await openGitHubGround();

afterAll(ground.close);

const orders = CASTS.flatMap((cast) => Array.from({ length: races }, (_, index) => [cast, first + index] as const));

test.each(orders)(
  '%s, seed %i: nobody passes a block that was acknowledged',
  async (cast, seed) => {
    expect((await race(cast, seed, ground)).problem).toBeUndefined();
  },
  60_000,
);
