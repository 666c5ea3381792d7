import { afterAll } from '@jest/globals';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { interrupted } from './interrupted.ts';
import { tellAll } from './telling.ts';

const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

tellAll(cluster, interrupted);
