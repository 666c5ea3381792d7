import { afterAll, describe } from '@jest/globals';
import { openClusterUnderTest } from './cluster-under-test.ts';
import { tellPipelines } from './pipelines.ts';
import { tellReviewedCanaries } from './pipelines-canary.ts';

const cluster = await openClusterUnderTest();

afterAll(cluster.stop);

describe(`pipelines on the ${cluster.kind} cluster`, () => {
  tellPipelines(cluster);
});

describe(`reviewed canaries on the ${cluster.kind} cluster`, () => {
  tellReviewedCanaries(cluster);
});
