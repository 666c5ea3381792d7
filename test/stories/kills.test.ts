import { afterAll } from '@jest/globals';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { killAll, measureErrands } from './kills.ts';

const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

killAll(cluster, await measureErrands(cluster), 9, 1);
