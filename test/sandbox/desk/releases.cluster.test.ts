import { afterAll } from '@jest/globals';
import { startBedTestCluster } from '../../../sandbox/desk/bed-test-cluster.ts';
import { showBadReleases } from './bad-signs.ts';

const cluster = await startBedTestCluster(console.error);

afterAll(cluster.stop);

// Healthy ones come through in the stories, with the action.
showBadReleases(cluster);
