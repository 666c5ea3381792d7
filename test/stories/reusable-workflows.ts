import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { load } from 'js-yaml';
import type { WorkflowRun } from '../../sandbox/act/act-desk.ts';
import type { TestCluster } from '../../sandbox/desk/test-cluster.ts';
import { openPipelineShop, type PipelineShop } from './pipelines-shop.ts';

const LONGEST_MS = 600_000;

const from = 'rollkey/rollkey/.github/workflows';
const place = 'environment: dev, namespace: shop-dev, deployment: "frontend, backend"';
const windows = `update-config: 'monitor: 0s', rollback-config: 'monitor: 0s'`;
const secrets = `secrets: { kubeconfig: '\${{ secrets.KUBECONFIG }}' }`;
const images = `"frontend/web=\${{ vars.FRONTEND_IMAGE }}:1.2\\nbackend/web=\${{ vars.BACKEND_IMAGE }}:1.2"`;

/** Each of the reusable workflows, fed by the outputs of the one before. act runs nothing after one that fails. */
const each = `
on: workflow_dispatch
jobs:
  gate:
    uses: ${from}/gate.yml@v0
    with: { release: '1.2', environment: dev }
  deploy:
    needs: gate
    uses: ${from}/deploy.yml@v0
    with: { release: '1.2', ${place}, plan: false, images: ${images}, ${windows} }
    ${secrets}
  block:
    needs: deploy
    uses: ${from}/block.yml@v0
    with: { release: '\${{ needs.deploy.outputs.release }}', reason: 'too slow', environment: dev }
  unblock:
    needs: block
    uses: ${from}/unblock.yml@v0
    with: { release: '1.2', block: '\${{ needs.block.outputs.block }}', reason: 'quick again' }
  rollback:
    needs: unblock
    uses: ${from}/rollback.yml@v0
    with: { ${place}, reason: 'slow again', rollback-config: 'monitor: 0s' }
    ${secrets}
  told:
    needs: [gate, deploy, block, unblock, rollback]
    runs-on: ubuntu-latest
    steps: [{ run: 'echo "$ALL"', env: { ALL: '\${{ toJSON(needs) }}' } }]
  closed:
    needs: told
    uses: ${from}/gate.yml@v0
    with: { release: '1.2', environment: staging }
`;

/** The reusable workflows as somebody calls them: what they take arrives, what they give comes back. */
export function tellReusableWorkflows(cluster: TestCluster): void {
  let shop: PipelineShop;

  beforeAll(async () => {
    shop = await openPipelineShop(cluster, { '.github/workflows/each.yml': each });
  }, LONGEST_MS);
  afterAll(() => shop?.close());

  test(
    'each gives its outputs to who called it',
    async () => {
      const run = await shop.dispatch('each.yml', {});
      const [block] = shop.github
        .deployments()
        .filter(({ payload }) => kindOf(payload) === 'release-block')
        .slice(-1);
      expect(toldBy(run)).toMatchObject({
        gate: { result: 'success', outputs: { allowed: 'true', 'reason-code': 'open' } },
        deploy: { result: 'success', outputs: { outcome: 'succeeded', release: '1.2', 'gate-allowed': 'true' } },
        block: { result: 'success', outputs: { block: String(block?.id), changed: 'true' } },
        unblock: { result: 'success', outputs: { block: String(block?.id), changed: 'true' } },
        rollback: {
          result: 'success',
          outputs: { mode: 'rollback', 'rolled-back-to': '1.0', 'blocked-release': '1.2' },
        },
      });
      expect(run.jobs.at(-1)).toMatchObject({
        ...{ path: 'closed/gate', result: 'failure' },
        outputs: { 'gate.allowed': 'false', 'gate.reason-code': 'release-blocked' },
      });
      expect(await shop.runs('dev')).toEqual(['1.0', '1.0']);
      expect(shop.github.violations).toEqual([]);
    },
    LONGEST_MS,
  );

  test(
    'with less rights the gate still answers, and whoever must write says which line is missing',
    async () => {
      const token = shop.github.token({ deployments: 'read' });
      const asked = await shop.dispatch('promote.yml', { release: '1.1', environment: 'production' }, { token });
      expect(asked.jobs.map(({ path, result }) => `${path} ${result}`)).toEqual(['promote/gate failure']);
      expect(asked.jobs[0]?.outputs).toMatchObject({ 'gate.reason-code': 'not-verified' });
      for (const workflow of ['block.yml', 'unblock.yml']) {
        // Of 1.2 a block stands, so that there is something to lift.
        const release = workflow === 'block.yml' ? '1.1' : '1.2';
        const { jobs } = await shop.dispatch(workflow, { release, reason: 'tried' }, { token });
        expect(jobs.map(({ result }) => result)).toEqual(['failure']);
        expect(jobs[0]?.annotations[0]?.message).toContain('`permissions: { deployments: write }`');
      }
      const none = { token: shop.github.token({ deployments: 'none' }) };
      const { jobs } = await shop.dispatch('promote.yml', { release: '1.0', environment: 'staging' }, none);
      expect(jobs.map(({ path, result }) => `${path} ${result}`)).toEqual(['promote/gate failure']);
      expect(jobs[0]?.annotations[0]?.message).toContain('`permissions: { deployments: read }`');
    },
    LONGEST_MS,
  );
}

function kindOf(payload: unknown): string {
  return (payload as { readonly kind: string }).kind;
}

function toldBy({ jobs, all }: WorkflowRun): unknown {
  const told = jobs.find(({ path }) => path === 'told');
  if (!told) throw new Error(`nothing was told:\n${all}`);
  return load(told.log);
}
