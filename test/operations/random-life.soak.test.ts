import { expect, test } from '@jest/globals';
import { randomLife } from './random-life.ts';

const first = Number(process.env['ROLLKEY_SOAK_SEED'] ?? 1);

test('a thousand lives of a workload, and each release means one thing in all of them', async () => {
  for (let seed = first; seed < first + 1000; seed++)
    expect([seed, await randomLife(seed, 40)]).toEqual([seed, undefined]);
}, 300_000);
