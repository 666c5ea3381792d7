import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { badReleases } from '../../../sandbox/desk/bad-releases.ts';
import { type Desk, openDesk } from '../../../sandbox/desk/desk.ts';
import { startEmbeddedTestCluster } from '../../../sandbox/desk/embedded-test-cluster.ts';
import { eventually } from '../../../sandbox/desk/eventually.ts';
import { healthyReleases } from '../../../sandbox/desk/healthy-releases.ts';
import { rollByHand, signs, signsOf } from './by-hand-release.ts';

// The bed plays the same releases in the stories; here is what the embedded cluster makes of them.
jest.setTimeout(60_000);

const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

async function at(tell: (desk: Desk) => Promise<void>): Promise<void> {
  const desk = await openDesk(cluster, 'release');
  try {
    await tell(desk);
  } finally {
    await desk.close();
  }
}

const named = <T extends { readonly name: string }>(releases: readonly T[]) =>
  releases.map((release) => [release.name, release] as const);

describe('a bad release', () => {
  test.concurrent.each(named(badReleases))('%s shows its cause, and 1.0 serves on', (name, release) =>
    at(async (desk) => {
      await rollByHand(desk, release);
      const availability = desk.sampleAvailability();
      const sign = signs[name] ?? /^(?!)/;
      await eventually(String(sign), async () => sign.test(await signsOf(desk)));
      const { fewestReady, samples } = await availability.stop();
      expect(samples).toBeGreaterThan(0);
      // Where all pods are new before they turn out to be bad, nothing of 1.0 is left.
      if (!['dies-after-ten-seconds', 'liveness-kills'].includes(name)) expect(fewestReady).toBeGreaterThanOrEqual(3);
    }),
  );
});

describe('a healthy release', () => {
  test.concurrent.each(named(healthyReleases))('%s comes through', (_name, release) =>
    at(async (desk) => {
      await rollByHand(desk, release);
      await desk.complete();
      await desk.answers('1.1');
    }),
  );
});
