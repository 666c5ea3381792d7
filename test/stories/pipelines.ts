import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dump, load } from 'js-yaml';
import type { WorkflowRun } from '../../sandbox/act/act-desk.ts';
import type { ActJob } from '../../sandbox/act/act-log.ts';
import { workflowForAct } from '../../sandbox/act/workflow-for-act.ts';
import type { TestCluster } from '../../sandbox/desk/test-cluster.ts';
import { openPipelineShop, type PipelineShop } from './pipelines-shop.ts';

const RUN = { runId: '100' };
const LONGEST_MS = 600_000;

interface Block {
  readonly id: number;
  readonly release: string;
  readonly environment: string;
  readonly runUrl: string;
}

/**
 * What becomes of release 1.1 by the workflows of examples/ and the reusable ones, one after the other: the same on every
 * cluster. act heeds neither environments nor permissions nor concurrency, so reviewers, rights and queues are not shown.
 */
export function tellPipelines(cluster: TestCluster): void {
  let shop: PipelineShop;

  beforeAll(async () => {
    shop = await openPipelineShop(cluster, { '.github/workflows/approved.yml': approved() });
  }, LONGEST_MS);
  afterAll(() => shop?.close());

  const tell = (title: string, story: () => Promise<void>) => test(title, story, LONGEST_MS);

  tell('1.1 reaches dev, is rolled back in staging, and goes no further', async () => {
    await shop.surroundings.staging.limitPods(2);
    const run = await shop.push('1.1', RUN);
    expect(resultsOf(run)).toEqual({ dev: 'success', staging: 'failure', notify: 'success' });
    expect(await everywhere()).toEqual({ dev: '1.1', staging: '1.0', production: '1.0' });
    for (const name of ['dev', 'staging']) expect(jobOf(run, name).log).toContain('migrated to 1.1');
    expect(jobOf(run, 'staging').outputs).toMatchObject({
      'roll.outcome': 'rolled-back',
      'roll.blocked-release': '1.1',
    });
    expect(blocks()).toEqual([expect.objectContaining({ release: '1.1', environment: 'staging', runId: '100' })]);
    expect(shop.messages.at(-1)).toMatch(/^1\.1\ndev: success\. .*1\.1.*\nstaging: failure\. .*1\.1.*$/);
  });

  tell('production is closed to it, and says why, since which run, and what opens it', async () => {
    const run = await shop.dispatch('promote.yml', { release: '1.1', environment: 'production' });
    expect(resultsOf(run)).toEqual({ 'promote/gate': 'failure' });
    expectStopped(jobOf(run, 'promote/gate'), blocked(), 'exceeded quota: pods');
    expect(await everywhere()).toMatchObject({ production: '1.0' });
  });

  tell('the old run, run again, is stopped before it migrates anything', async () => {
    const run = await shop.push('1.1', { ...RUN, attempt: 2 });
    expect(resultsOf(run)).toEqual({ dev: 'success', staging: 'failure', notify: 'success' });
    expectStopped(jobOf(run, 'staging'), blocked(), 'exceeded quota: pods');
    for (const name of ['dev', 'staging']) expect(jobOf(run, name).log).not.toContain('migrated');
    expect(await everywhere()).toEqual({ dev: '1.1', staging: '1.0', production: '1.0' });
  });

  tell('once unblocked, it passes all the way', async () => {
    await shop.surroundings.staging.remove({ apiVersion: 'v1', kind: 'ResourceQuota' }, 'pods');
    const unblocked = await unblock('1.1', blocked(), 'staging had no room');
    expect(resultsOf(unblocked)).toEqual({ unblock: 'success' });
    const run = await shop.push('1.1', { ...RUN, attempt: 3 });
    const all = { dev: 'success', staging: 'success', gate: 'success', production: 'success', notify: 'success' };
    expect(resultsOf(run)).toEqual(all);
    expect(await everywhere()).toEqual({ dev: '1.1', staging: '1.1', production: '1.1' });
    expect(shop.messages.at(-1)).toMatch(/^production: success\. .*1\.1.*$/m);
  });

  tell('a rollback by name passes where a promotion would not', async () => {
    const promotion = await shop.dispatch('promote.yml', { release: '0.9', environment: 'production' });
    expect(jobOf(promotion, 'promote/gate').outputs).toMatchObject({ 'gate.reason-code': 'not-verified' });
    const inputs = { release: '0.9', environment: 'production', reason: 'the checkout page crashes' };
    const run = await shop.dispatch('rollback.yml', inputs);
    expect(resultsOf(run)).toEqual({ rollback: 'success' });
    expect(await everywhere()).toEqual({ dev: '1.1', staging: '1.1', production: '0.9' });
    expect(blocks()[0]).toMatchObject({ release: '1.1', environment: 'production' });
    expect(blocks().map(({ release }) => release)).toEqual(['1.1', '1.1']);
  });

  tell("the old run, run once more, passes where 1.1 runs, and production's job is stopped by the gate", async () => {
    const run = await shop.push('1.1', { ...RUN, attempt: 4 });
    expect(resultsOf(run)).toEqual({ dev: 'success', staging: 'success', gate: 'failure', notify: 'success' });
    expectStopped(jobOf(run, 'gate'), blocked(), 'the checkout page crashes');
    expect(await everywhere()).toMatchObject({ production: '0.9' });
  });

  tell('the old unblock, run again, does not lift the newer block', async () => {
    const [newer, older] = blocks();
    const run = await unblock('1.1', older?.id ?? 0, 'staging had no room');
    expect(resultsOf(run)).toEqual({ unblock: 'failure' });
    expect(jobOf(run, 'unblock').summary).toContain(String(newer?.id));
    const nameless = await shop.dispatch('unblock.yml', { release: '1.1', reason: 'again' }, { attempt: 2 });
    expect(resultsOf(nameless)).toEqual({ unblock: 'failure' });
    const promotion = await shop.dispatch('promote.yml', { release: '1.1', environment: 'production' });
    expect(resultsOf(promotion)).toEqual({ 'promote/gate': 'failure' });
  });

  tell('the reusable workflow takes the next release into an environment', async () => {
    const run = await shop.dispatch('promote.yml', { release: '1.2', environment: 'dev' });
    const all = { 'promote/gate': 'success', 'promote/plan': 'success', 'promote/deploy': 'success' };
    expect(resultsOf(run)).toEqual(all);
    expect(await everywhere()).toMatchObject({ dev: '1.2' });
  });

  tell(
    'what staging has left while somebody thought about production is stopped there by the gate of that job',
    async () => {
      const promotion = await shop.dispatch('promote.yml', { release: '1.2', environment: 'staging' });
      expect(resultsOf(promotion)).toMatchObject({ 'promote/deploy': 'success' });
      const inputs = { release: '1.0', environment: 'staging', reason: 'the cart is empty' };
      expect(resultsOf(await shop.dispatch('rollback.yml', inputs))).toEqual({ rollback: 'success' });
      expect(blocked()).toMatchObject({ release: '1.2', environment: 'staging' });
      const run = await shop.push('1.2', {}, 'approved.yml');
      expect(resultsOf(run)).toEqual({ production: 'failure' });
      expectStopped(jobOf(run, 'production'), blocked(), 'the cart is empty');
      expect(jobOf(run, 'production').log).not.toContain('migrated');
      expect(await everywhere()).toEqual({ dev: '1.2', staging: '1.0', production: '0.9' });
    },
  );

  tell('all that was asked of GitHub is as its description says', () => {
    expect(shop.github.violations).toEqual([]);
    return Promise.resolve();
  });

  /** The tag that both Deployments of each environment run. */
  async function everywhere(): Promise<Readonly<Record<string, string>>> {
    const tags = async (name: 'dev' | 'staging' | 'production') =>
      [name, [...new Set(await shop.runs(name))].join(' and ')] as const;
    return Object.fromEntries(await Promise.all([tags('dev'), tags('staging'), tags('production')]));
  }

  /** The newest first. */
  function blocks(): readonly Block[] {
    return shop.github.deployments().flatMap(({ id, payload }) => {
      const said = payload as Omit<Block, 'id'> & { readonly kind: string };
      return said.kind === 'release-block' ? [{ ...said, id }] : [];
    });
  }

  function blocked(): Block {
    const [newest] = blocks();
    if (!newest) throw new Error('nothing is blocked');
    return newest;
  }

  function unblock(release: string, block: Block | number, reason: string): Promise<WorkflowRun> {
    const id = typeof block === 'number' ? block : block.id;
    return shop.dispatch('unblock.yml', { release, block: String(id), reason });
  }
}

/** The job of pipeline.yml that goes on once it is approved, however long ago the jobs before it passed: act waits for nobody. */
function approved(): string {
  const { jobs, ...rest } = load(readFileSync('examples/pipeline.yml', 'utf8')) as { readonly jobs: Jobs };
  const { needs: _passed, ...production } = jobs['production'] ?? {};
  return workflowForAct(dump({ ...rest, jobs: { production } }));
}

type Jobs = Readonly<Record<string, { readonly needs?: unknown }>>;

/** By the jobs' paths; a skipped one is not there. */
function resultsOf({ jobs }: WorkflowRun): Readonly<Record<string, string>> {
  return Object.fromEntries(jobs.map(({ path, result }) => [path, result]));
}

function jobOf(run: WorkflowRun, name: string): ActJob {
  const job = run.jobs.find(({ path }) => path === name);
  if (!job) throw new Error(`there is no job ${name}:\n${run.all}`);
  return job;
}

/** The reason, the run that blocked it and the command that unblocks it, in the summary and in one line of the log. */
function expectStopped({ summary, annotations }: ActJob, { id, release, runUrl }: Block, reason: string): void {
  const command = `gh workflow run unblock.yml -R octo/shop -f release=${release} -f block=${id} -f reason=`;
  for (const part of [runUrl, command, reason]) expect(summary).toContain(part);
  const errors = annotations.filter(({ level }) => level === 'error').map(({ message }) => message);
  expect(errors).toEqual([expect.stringContaining(`${release} is blocked in `)]);
  for (const part of [command, reason]) expect(errors[0]).toContain(part);
  expect(errors[0]).not.toContain('\n');
}
