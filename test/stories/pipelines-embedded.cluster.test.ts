import { afterAll, describe } from '@jest/globals';
import { act } from '../../sandbox/act/programs.ts';
import { ensureGoProgram } from '../../sandbox/bed/go-program.ts';
import { startEmbeddedTestCluster } from '../../sandbox/desk/embedded-test-cluster.ts';
import { tellPipelines } from './pipelines.ts';
import { tellInjections } from './pipelines-injection.ts';
import { tellReusableWorkflows } from './reusable-workflows.ts';

// Not among the tests of `npm test`.
// Built once, which takes longer than any hook may.
await ensureGoProgram(act);
const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

describe('reusable workflows on the embedded cluster', () => {
  tellReusableWorkflows(cluster);
});

describe('text in pipelines on the embedded cluster', () => {
  tellInjections(cluster);
});

describe('pipelines on the embedded cluster', () => {
  tellPipelines(cluster);
});
