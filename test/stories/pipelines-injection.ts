import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { WorkflowRun } from '../../sandbox/act/act-desk.ts';
import type { ActJob } from '../../sandbox/act/act-log.ts';
import type { TestCluster } from '../../sandbox/desk/test-cluster.ts';
import { openPipelineShop, type PipelineShop } from './pipelines-shop.ts';

const LONGEST_MS = 600_000;
const red = '\u001b[31m';

/** As nobody should write it. */
const careless = `
on: { workflow_dispatch: { inputs: { release: { type: string } } } }
jobs:
  careless:
    runs-on: ubuntu-latest
    steps: [{ run: 'echo "\${{ inputs.release }}"' }]
`;

/** Names and reasons that would run, if any workflow or action let them. */
export function tellInjections(cluster: TestCluster): void {
  const folder = mkdtempSync(join(tmpdir(), 'rollkey-injection-'));
  const traces = join(folder, 'executed');
  let shop: PipelineShop;

  beforeAll(async () => {
    shop = await openPipelineShop(cluster, { '.github/workflows/careless.yml': careless });
  }, LONGEST_MS);
  afterAll(async () => {
    await shop?.close();
    rmSync(folder, { recursive: true });
  });

  /** Without blanks, which a tag may not have. */
  const release = `1.1$(touch\${IFS}${traces})\`touch\${IFS}${traces}\``;
  const reason = [
    `$(touch ${traces}) \`touch ${traces}\` '; touch ${traces}; "`,
    ...['::set-output name=taken::yes', '::error title=taken::taken', '::stop-commands::taken', '##[error]taken'],
    `<img src=x onerror=alert(1)> [taken](javascript:alert(1)) | \${{ github.token }} ${red}taken`,
  ].join('\n');

  const evil = { release, reason };

  test.each([
    ['block.yml', 'success', evil],
    ['promote.yml', 'failure', { release, environment: 'production' }],
    ['rollback.yml', 'failure', { ...evil, environment: 'production' }],
    ['unblock.yml', 'success', evil],
    ['unblock.yml', 'failure', { ...evil, block: reason }],
  ])(
    '%s takes text for text, and ends in %s',
    async (workflow, ends, inputs) => {
      const run = await shop.dispatch(workflow, inputs);
      expectUntouched(run);
      expect(run.jobs.map(({ result }) => result)).toEqual([ends]);
    },
    LONGEST_MS,
  );

  test.each([
    ['pipeline.yml', ['dev failure', 'notify success']],
    ['canary.yml', ['staging failure']],
  ])(
    'a tag is a name and nothing else: %s',
    async (workflow, ends) => {
      const run = await shop.push(release, {}, workflow);
      expectUntouched(run);
      expect(run.jobs.map(({ path, result }) => `${path} ${result}`)).toEqual(ends);
    },
    LONGEST_MS,
  );

  test('records and messages hold what was said', () => {
    expect(shop.messages.map((message) => message.split('\n')[0])).toEqual([release]);
    const said = shop.github.deployments().map(({ payload }) => payload as { readonly release: string });
    expect(said.length).toBeGreaterThan(0);
    for (const payload of said) expect(payload.release).toBe(release);
    expect(shop.github.violations).toEqual([]);
  });

  test(
    'a rollback for such a reason goes back, and says it as text',
    async () => {
      const run = await shop.dispatch('rollback.yml', { release: '0.9', environment: 'production', reason });
      expectUntouched(run);
      expect(run.jobs.map(({ result }) => result)).toEqual(['success']);
      expect(await shop.runs('production')).toEqual(['0.9', '0.9']);
      const [block] = blocks();
      expect(block).toMatchObject({ release: '1.0', environment: 'production' });
      expect(block?.reason).toContain(`$(touch ${traces})`);
    },
    LONGEST_MS,
  );

  test.each([
    ['that would run: it is blocked under it', release, [release]],
    ['that no release can be called: there is nothing to block', reason, []],
  ])(
    'a rollback leaves what goes by a change-cause %s',
    async (_, cause, left) => {
      const before = blocks().length;
      await shop.put('production', '1.3', cause);
      const run = await shop.dispatch('rollback.yml', { release: '0.9', environment: 'production', reason: '' });
      expectUntouched(run);
      expect(run.jobs.map(({ result }) => result)).toEqual(['success']);
      expect(await shop.runs('production')).toEqual(['0.9', '0.9']);
      expect(
        blocks()
          .slice(0, blocks().length - before)
          .map((block) => block.release),
      ).toEqual(left);
      expect(JSON.stringify(shop.github.deployments().map(({ statuses }) => statuses))).not.toContain('::error');
      expect(shop.github.violations).toEqual([]);
    },
    LONGEST_MS,
  );

  test('a workflow that puts it into a script would have run it', async () => {
    await shop.dispatch('careless.yml', { release });
    expect(existsSync(traces)).toBe(true);
  });

  /** The newest first. */
  function blocks(): readonly Blocked[] {
    const payloads = shop.github.deployments().map(({ payload }) => payload as Blocked);
    return payloads.filter(({ kind }) => kind === 'release-block');
  }

  function expectUntouched(run: WorkflowRun): void {
    expect(existsSync(traces)).toBe(false);
    expect(run.jobs.length).toBeGreaterThan(0);
    for (const job of run.jobs) expectOnlyText(job);
  }
}

interface Blocked {
  readonly kind: string;
  readonly release: string;
  readonly environment: string;
  readonly reason: string;
}

/** Of what the text wants, nothing came about: no output, no annotation, no markup in the summary. */
function expectOnlyText({ outputs, annotations, summary, log }: ActJob): void {
  expect(Object.keys(outputs).filter((name) => name.endsWith('.taken'))).toEqual([]);
  for (const { title, message } of annotations) {
    expect(title).not.toBe('taken');
    expect(message).not.toBe('taken');
  }
  expect(summary).not.toMatch(/<img|[^\\]\[taken\]\(|^::/m);
  expect(log).not.toContain(red);
}
