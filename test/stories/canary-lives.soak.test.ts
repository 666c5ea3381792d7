import { afterAll } from '@jest/globals';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { liveAll } from './canary-lives.ts';

const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

const seed = Number(process.env['ROLLKEY_SOAK_SEED'] ?? 1);
const lives = Number(process.env['ROLLKEY_SOAK_LIVES'] ?? 1_000);

liveAll(cluster, lives, 8, seed);
