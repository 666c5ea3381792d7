import { afterAll } from '@jest/globals';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { killSets } from './kinds-kills.ts';

const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

killSets(cluster, 7, 1);
