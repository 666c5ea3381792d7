import { afterAll, describe } from '@jest/globals';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { everyExactness, printSpread, tellExactness } from './canary-exactness.ts';

const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

const runs = Number(process.env['ROLLKEY_SOAK_CANARIES'] ?? 20);

describe('on the embedded cluster', () => {
  tellExactness(cluster, everyExactness, runs);
  printSpread(cluster, [1, 2, 3, 10], runs);
});
