import { expect, test } from '@jest/globals';
import { hostileRun } from './hostile-run.ts';

const SEED = Number(process.env['ROLLKEY_SEED'] ?? 20261121);

test.each([0, 1, 2, 3, 4, 5])(
  `follow ends with what is there, whatever the server does (seed ${SEED} + %i)`,
  async (run) => {
    const { expected, seen, backwards } = await hostileRun(SEED + run);
    expect({ seen, backwards }).toEqual({ seen: expected, backwards: [] });
  },
);
