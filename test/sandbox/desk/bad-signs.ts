import { describe, expect, test } from '@jest/globals';
import { badReleases } from '../../../sandbox/desk/bad-releases.ts';
import { openDesk } from '../../../sandbox/desk/desk.ts';
import { eventually } from '../../../sandbox/desk/eventually.ts';
import { canPlay, scaled } from '../../../sandbox/desk/played-release.ts';
import type { TestCluster } from '../../../sandbox/desk/test-cluster.ts';
import { rollByHand, signs, signsOf } from './by-hand-release.ts';

/** Where all pods are new before they turn out to be bad, nothing of 1.0 is left. */
const complete = ['dies-after-ten-seconds', 'liveness-kills'];

/** Rolls out every bad release by hand: each cluster must say what is wrong in the same words. */
export function showBadReleases(cluster: TestCluster): void {
  const playable = badReleases.filter((release) => canPlay({ cluster }, release));
  describe('a bad release', () => {
    test.concurrent.each(playable.map((release) => [release.name, release] as const))(
      '%s shows its cause, and 1.0 serves on',
      async (name, release) => {
        const desk = await openDesk(cluster, 'release');
        try {
          await rollByHand(desk, release);
          const availability = desk.sampleAvailability();
          const sign = signs[name] ?? /^(?!)/;
          const shown = async () => sign.test(await signsOf(desk));
          await eventually(String(sign), shown, { timeoutMs: 60_000, intervalMs: scaled(desk, 500) });
          const { fewestReady, samples } = await availability.stop();
          expect(samples).toBeGreaterThan(0);
          if (!complete.includes(name)) expect(fewestReady).toBeGreaterThanOrEqual(3);
        } finally {
          await desk.close();
        }
      },
      180_000,
    );
  });
}
