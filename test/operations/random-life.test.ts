import { expect, test } from '@jest/globals';
import { randomLife } from './random-life.ts';

const seeds = Array.from({ length: 20 }, (_, index) => index + 1);

test.each(seeds)('a release means one thing, whatever happens to its workload (seed %i)', async (seed) => {
  expect(await randomLife(seed, 30)).toBeUndefined();
});
