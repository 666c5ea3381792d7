import { afterAll } from '@jest/globals';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { disturbAll } from './api-faults.ts';

const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

disturbAll(cluster, 8, 1, 'short');
