import { afterAll } from '@jest/globals';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { liveAll } from './canary-lives.ts';

const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

liveAll(cluster, 16, 6, 1);
