import { afterAll } from '@jest/globals';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { disturbAll } from './api-faults.ts';

const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

disturbAll(
  cluster,
  Number(process.env['ROLLKEY_SOAK_RUNS'] ?? 200),
  Number(process.env['ROLLKEY_SOAK_SEED'] ?? 1),
  'full',
);
