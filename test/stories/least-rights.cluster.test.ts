import { afterAll } from '@jest/globals';
import { openClusterUnderTest } from './cluster-under-test.ts';
import { tellLeastRights } from './least-rights.ts';

const cluster = await openClusterUnderTest();

await tellLeastRights(cluster);

afterAll(cluster.stop);
