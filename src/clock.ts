import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from './ports.ts';

/** The machine's clock. */
export function createClock(): Clock {
  return {
    now: () => Date.now(),
    async sleep(ms, signal) {
      await pause(ms, undefined, { signal }).catch(() => undefined);
    },
  };
}
