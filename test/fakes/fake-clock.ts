import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/ports.ts';

export interface FakeClock extends Clock {
  /** Lets so much time go by: whoever sleeps wakes in turn, and has done what can be done before the next one does. */
  advance(ms: number): Promise<void>;
  /** How many sleep now. */
  sleepers(): number;
}

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that stands still until it is told to go on. */
export function createFakeClock(start = Date.parse('2026-11-21T12:00:00Z')): FakeClock {
  let now = start;
  const sleepers = new Set<Sleeper>();
  return {
    now: () => now,
    sleepers: () => sleepers.size,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const wake = () => {
          sleepers.delete(sleeper);
          resolve();
        };
        const sleeper: Sleeper = { until: now + ms, wake };
        sleepers.add(sleeper);
        if (signal?.aborted) wake();
        signal?.addEventListener('abort', wake, { once: true });
      }),
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const [next] = [...sleepers].filter(({ until }) => until <= end).sort((a, b) => a.until - b.until);
        if (!next) break;
        now = next.until;
        next.wake();
        await settle();
      }
      now = end;
    },
  };
}

/** Long enough for every promise that waits for nothing outside. */
export async function settle(): Promise<void> {
  for (let count = 0; count < 5; count++) await turn();
}
