import { afterAll, describe } from '@jest/globals';
import { act } from '../../sandbox/act/programs.ts';
import { ensureGoProgram } from '../../sandbox/bed/go-program.ts';
import { openClusterUnderTest } from './cluster-under-test.ts';
import { tellPipelines } from './pipelines.ts';
import { tellReviewedCanaries } from './pipelines-canary.ts';

// Built once, which takes longer than any hook may.
await ensureGoProgram(act);
const cluster = await openClusterUnderTest();

afterAll(cluster.stop);

describe(`pipelines on the ${cluster.kind} cluster`, () => {
  tellPipelines(cluster);
});

describe(`reviewed canaries on the ${cluster.kind} cluster`, () => {
  tellReviewedCanaries(cluster);
});
