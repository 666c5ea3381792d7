import { expect, test } from '@jest/globals';
import { hostileRun } from './hostile-run.ts';

const SEED = Number(process.env['ROLLKEY_SOAK_SEED'] ?? Date.now());
const RUNS = Number(process.env['ROLLKEY_RUNS'] ?? 500);

test(`follow ends with what is there in ${RUNS} runs`, async () => {
  const failed: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const { expected, seen, backwards } = await hostileRun(SEED + run);
    if (seen.join() !== expected.join() || backwards.length > 0) failed.push(SEED + run);
  }
  console.log(`follow: seed ${SEED}: ${RUNS - failed.length} passed, ${failed.length} failed`);
  expect(failed).toEqual([]);
}, 1_200_000);
