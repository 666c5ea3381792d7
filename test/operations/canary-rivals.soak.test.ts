import { afterAll, afterEach, test } from '@jest/globals';
import { openCanaryGround } from './canary-ground.ts';
import { letRivalsRun } from './canary-rivals.ts';

const ground = await openCanaryGround();
afterAll(() => ground.close());
afterEach(() => ground.clear());

const first = Number(process.env['ROLLKEY_SOAK_SEED'] ?? 1);

test.each(Array.from({ length: 100 }, (_, index) => first + index))(
  'two runs at a time on one Deployment lose nothing that is lent, seed %i',
  (seed) => letRivalsRun(ground, seed),
  60_000,
);
