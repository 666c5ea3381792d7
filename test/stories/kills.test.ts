import { afterAll } from '@jest/globals';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { killAll } from './kills.ts';

const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

await killAll(cluster, 9, 1);
