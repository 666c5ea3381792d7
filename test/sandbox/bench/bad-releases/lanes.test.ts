import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { inLanes } from '../../../../sandbox/bench/bad-releases/lanes.ts';

test('so many at a time, and the results in the order of the list', async () => {
  let [now, most] = [0, 0];
  const results = await inLanes(2, [30, 1, 10, 1, 1], async (ms) => {
    now += 1;
    most = Math.max(most, now);
    await pause(ms);
    now -= 1;
    return ms;
  });
  expect(results).toEqual([30, 1, 10, 1, 1]);
  expect(most).toBe(2);
});
