import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from './ports.ts';

/**
 * The machine's clock as it stood when the process began, and what has passed since: setting it meanwhile moves no
 * deadline, and times that one run notes stay in their order.
 */
export function createClock(): Clock {
  return {
    now: () => Math.floor(performance.timeOrigin + performance.now()),
    async sleep(ms, signal) {
      await pause(ms, undefined, { signal }).catch(() => undefined);
    },
  };
}
