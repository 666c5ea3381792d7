import { afterAll } from '@jest/globals';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { tellBadInput } from './bad-input.ts';

const cluster = await startEmbeddedTestCluster();

await tellBadInput(cluster);

afterAll(cluster.stop);
