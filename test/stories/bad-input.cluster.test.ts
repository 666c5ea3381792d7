import { afterAll } from '@jest/globals';
import { tellBadInput } from './bad-input.ts';
import { openClusterUnderTest } from './cluster-under-test.ts';

const cluster = await openClusterUnderTest();

await tellBadInput(cluster);

afterAll(cluster.stop);
