import { afterAll, describe, test } from '@jest/globals';
import { openDesk } from '../../../sandbox/desk/desk.ts';
import { startEmbeddedTestCluster } from '../../../sandbox/desk/embedded-test-cluster.ts';
import { healthyReleases } from '../../../sandbox/desk/healthy-releases.ts';
import { showBadReleases } from './bad-signs.ts';
import { rollByHand } from './by-hand-release.ts';

const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

showBadReleases(cluster);

describe('a healthy release', () => {
  test.concurrent.each(healthyReleases.map((release) => [release.name, release] as const))(
    '%s comes through',
    async (_name, release) => {
      const desk = await openDesk(cluster, 'release');
      try {
        await rollByHand(desk, release);
        await desk.complete();
        await desk.answers('1.1');
      } finally {
        await desk.close();
      }
    },
  );
});
