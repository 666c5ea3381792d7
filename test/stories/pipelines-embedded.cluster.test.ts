import { afterAll, describe } from '@jest/globals';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { tellPipelines } from './pipelines.ts';

// Not among the tests of `npm test`: act is built once, by Go.
const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

describe('pipelines on the embedded cluster', () => {
  tellPipelines(cluster);
});
