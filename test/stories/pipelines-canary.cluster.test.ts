import { afterAll, describe } from '@jest/globals';
import { act } from '../../sandbox/act/programs.ts';
import { ensureGoProgram } from '../../sandbox/bed/go-program.ts';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { tellReviewedCanaries } from './pipelines-canary.ts';
import { tellCalledCanaries } from './pipelines-canary-called.ts';
import { tellLostCanaries } from './pipelines-canary-lost.ts';

// Not among the tests of `npm test`.
// Built once, which takes longer than any hook may.
await ensureGoProgram(act);
const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

describe('reviewed canaries on the embedded cluster', () => {
  tellReviewedCanaries(cluster);
});

describe('canaries that nobody promotes on the embedded cluster', () => {
  tellLostCanaries(cluster);
});

describe('canaries by the reusable workflows on the embedded cluster', () => {
  tellCalledCanaries(cluster);
});
