import type { Clock } from '../../src/ports.ts';

export interface InstantClock extends Clock {
  /** The milliseconds of every sleep so far. */
  readonly slept: number[];
}

/** A clock on which sleeping takes no time but moves its hands. */
export function instantClock(): InstantClock {
  let now = 0;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    async sleep(ms, signal) {
      await new Promise((resolve) => setImmediate(resolve));
      if (signal?.aborted) return;
      slept.push(ms);
      now += ms;
    },
  };
}
