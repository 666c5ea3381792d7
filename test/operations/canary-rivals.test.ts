import { afterAll, afterEach, test } from '@jest/globals';
import { openCanaryGround } from './canary-ground.ts';
import { letRivalsRun } from './canary-rivals.ts';

const ground = await openCanaryGround();
afterAll(() => ground.close());
afterEach(() => ground.clear());

test.each([1, 2, 3, 4])(
  'two runs at a time on one Deployment lose nothing that is lent, seed %i',
  (seed) => letRivalsRun(ground, seed * 7919),
  60_000,
);
