import { afterAll } from '@jest/globals';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { disturbAll } from './api-faults.ts';

const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

const seed = Number(process.env['ROLLKEY_SOAK_SEED'] ?? 1);
const runs = Number(process.env['ROLLKEY_SOAK_RUNS'] ?? 200);

disturbAll(cluster, runs, seed, 'full');
