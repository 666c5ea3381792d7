import { afterAll, test } from '@jest/globals';
import type { TestCluster } from '../../sandbox/desk/test-cluster.ts';
import { liveCanaries } from './canary-life.ts';
import { inOwnProcess } from './own-process.ts';

/** Several at once: a life mostly waits for pods. */
const together = 8;

/** Lives so many lives, each from a seed of its own that a failure names. */
export function liveAll(cluster: TestCluster, lives: number, steps: number, seed: number): void {
  const own = inOwnProcess(cluster);
  afterAll(own.close);
  test(
    `${lives} lives with canaries of ${steps} steps from seed ${seed}: whatever happens, nothing stays borrowed`,
    async () => {
      let next = 0;
      const live = async () => {
        while (next < lives) {
          const which = (seed + next++) >>> 0;
          await liveCanaries(cluster, own.ports, which, steps);
        }
      };
      await Promise.all(Array.from({ length: Math.min(lives, together) }, live));
    },
    lives * 5_000 + 60_000,
  );
}
