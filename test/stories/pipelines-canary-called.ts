import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { WorkflowRun } from '../../sandbox/act/act-desk.ts';
import type { TestCluster } from '../../sandbox/desk/test-cluster.ts';
import { openPipelineShop, type PipelineShop } from './pipelines-shop.ts';

const LONGEST_MS = 600_000;

const from = 'rollkey/rollkey/.github/workflows';
const place = 'environment: dev, namespace: shop-dev, deployment: "frontend, backend"';
const windows = `update-config: 'monitor: 0s'`;
const secrets = `secrets: { kubeconfig: '\${{ secrets.KUBECONFIG }}' }`;
const release = `release: '\${{ inputs.release }}'`;
const images = `"frontend/web=\${{ vars.FRONTEND_IMAGE }}:\${{ inputs.release }}\\nbackend/web=\${{ vars.BACKEND_IMAGE }}:\${{ inputs.release }}"`;
const by = 'on: { workflow_dispatch: { inputs: { release: { type: string }, reason: { type: string } } } }';

const deploy = `
  deploy:
    uses: ${from}/deploy.yml@v0
    with: { ${release}, ${place}, plan: false, canary: 1, images: ${images}, ${windows} }
    ${secrets}`;

const files = {
  '.github/workflows/hold.yml': `${by}\njobs:${deploy}\n`,
  '.github/workflows/hold-and-promote.yml': `${by}\njobs:${deploy}
  promote:
    needs: deploy
    if: needs.deploy.outputs.reason-code == 'canary-held'
    uses: ${from}/promote.yml@v0
    with: { ${release}, ${place}, to: all, review-environment: dev-promote, ${windows} }
    ${secrets}
`,
  '.github/workflows/abort.yml': `${by}
jobs:
  abort:
    uses: ${from}/abort.yml@v0
    with:
      { ${release}, ${place}, review-environment: dev-promote, reason: '\${{ inputs.reason }}', rollback-config: 'monitor: 0s' }
    ${secrets}
`,
};

/** A canary by the reusable workflows. act ends where a called workflow fails, so that an abort is a run of its own. */
export function tellCalledCanaries(cluster: TestCluster): void {
  let shop: PipelineShop;

  beforeAll(async () => {
    shop = await openPipelineShop(cluster, files);
  }, LONGEST_MS);
  afterAll(() => shop?.close());

  const tell = (title: string, story: () => Promise<void>) => test(title, story, LONGEST_MS);

  tell('held by one, promoted by the other once it was reviewed', async () => {
    const run = await shop.dispatch('hold-and-promote.yml', { release: '1.1' });
    const jobs = ['deploy/gate', 'deploy/deploy', 'promote/review', 'promote/promote'];
    expect(resultsOf(run)).toEqual(jobs.map((path) => `${path} success`));
    expect(outputsOf(run, 'deploy/deploy')).toMatchObject({ 'roll.reason-code': 'canary-held' });
    expect(outputsOf(run, 'promote/promote')).toMatchObject({ 'promote.outcome': 'succeeded' });
    expect(await shop.runs('dev')).toEqual(['1.1', '1.1']);
  });

  tell('taken back by the third, for the reason that somebody gives', async () => {
    const fields = await shop.fields('dev');
    await shop.dispatch('hold.yml', { release: '1.2' });
    expect(await shop.runs('dev')).toEqual(['1.2', '1.2']);
    for (const held of await shop.fields('dev')) expect(held).toMatchObject({ paused: true });
    const run = await shop.dispatch('abort.yml', { release: '1.2', reason: 'the checkout is slow' });
    expect(resultsOf(run)).toEqual(['abort/abort success']);
    expect(outputsOf(run, 'abort/abort')).toMatchObject({
      ...{ 'abort.outcome': 'aborted', 'abort.blocked-release': '1.2', 'abort.reason-code': 'canary-aborted' },
    });
    expect(run.jobs[0]?.summary).toContain('the checkout is slow');
    expect(await shop.runs('dev')).toEqual(['1.1', '1.1']);
    expect(await shop.fields('dev')).toEqual(fields);
    expect(shop.github.violations).toEqual([]);
  });

  tell('nothing is taken back where nothing is held', async () => {
    const run = await shop.dispatch('abort.yml', { release: '1.1', reason: 'again' });
    expect(resultsOf(run)).toEqual(['abort/abort failure']);
    expect(await shop.runs('dev')).toEqual(['1.1', '1.1']);
  });
}

function resultsOf({ jobs }: WorkflowRun): readonly string[] {
  return jobs.map(({ path, result }) => `${path} ${result}`);
}

function outputsOf({ jobs, all }: WorkflowRun, path: string): Readonly<Record<string, string>> {
  const job = jobs.find((each) => each.path === path);
  if (!job) throw new Error(`there is no job ${path}:\n${all}`);
  return job.outputs;
}
