import { afterAll, describe } from '@jest/globals';
import { everyExactness, printSpread, tellExactness } from './canary-exactness.ts';
import { openClusterUnderTest } from './cluster-under-test.ts';

const cluster = await openClusterUnderTest();

afterAll(cluster.stop);

describe(`on the ${cluster.kind} cluster`, () => {
  tellExactness(cluster, everyExactness, 3);
  printSpread(cluster, [1, 2, 3, 10], 3);
});
