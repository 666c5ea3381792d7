import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { WorkflowRun } from '../../sandbox/act/act-desk.ts';
import type { ActJob } from '../../sandbox/act/act-log.ts';
import { FAILS, withJobScript } from '../../sandbox/act/job-script.ts';
import { workflowForAct } from '../../sandbox/act/workflow-for-act.ts';
import { eventually } from '../../sandbox/desk/eventually.ts';
import type { TestCluster } from '../../sandbox/desk/test-cluster.ts';
import { openPipelineShop, type PipelineShop } from './pipelines-shop.ts';

/** The shop, with three pods of each Deployment, and examples/canary.yml as what a tag starts. */
export interface CanaryShop {
  readonly shop: PipelineShop;
  /** Reviews run `runId` as the environment's reviewers. */
  readonly review: (runId: string, state: 'approved' | 'rejected', login: string, comment?: string) => void;
  /** Does something while the reviewers of `WAITING` look, and approves. */
  readonly meanwhile: (act: () => Promise<void>) => Promise<void>;
  readonly close: () => Promise<void>;
  /** Whether production runs a release and nothing else, and has back what it lent. */
  readonly expectSettled: (release: string) => Promise<void>;
  /** The newest first. */
  readonly blocks: () => readonly Block[];
}

export interface Block {
  readonly release: string;
  readonly environment: string;
  readonly reason: string;
  readonly runId: string;
}

export const REVIEWED = 'production-promote';

/** Nobody asks reviewers here: the test plays them, and where they do not approve, the job fails before its first step. */
export const UNREVIEWED = 'canary-unreviewed.yml';
/** Approved once `meanwhile` is over. */
export const WAITING = 'canary-waiting.yml';
/** Approved; then the job that promotes it fails. */
export const UNPROMOTED = 'canary-unpromoted.yml';

/** Opens it on a cluster. */
export async function openCanaryShop(cluster: TestCluster): Promise<CanaryShop> {
  const canary = readFileSync('examples/canary.yml', 'utf8');
  const folder = mkdtempSync(join(tmpdir(), 'rollkey-review-'));
  const [asked, approved] = [join(folder, 'asked'), join(folder, 'approved')];
  const waits = `touch '${asked}'; until [ -e '${approved}' ]; do sleep 0.1; done`;
  const played = (job: string, script: string) => workflowForAct(withJobScript(canary, job, script));
  const workflows = {
    [`.github/workflows/${UNREVIEWED}`]: played('review', FAILS),
    [`.github/workflows/${UNPROMOTED}`]: played('promote', FAILS),
    [`.github/workflows/${WAITING}`]: played('review', waits),
  };
  const shop = await openPipelineShop(cluster, workflows, { replicas: 3 });
  const fields = await shop.fields('production');
  return {
    shop,
    review: (runId, state, login, comment = '') =>
      shop.github.review(runId, { state, login, comment, environments: [REVIEWED] }),
    meanwhile: async (act) => {
      await eventually('the review', async () => existsSync(asked), { timeoutMs: 120_000 });
      await act();
      writeFileSync(approved, '');
    },
    close: async () => {
      await shop.close();
      rmSync(folder, { recursive: true });
    },
    expectSettled: async (release) => {
      expect(await shop.runs('production')).toEqual([release, release]);
      expect(await shop.fields('production')).toEqual(fields);
    },
    blocks: () => {
      const payloads = shop.github.deployments().map(({ payload }) => payload as Block & { readonly kind: string });
      return payloads.filter(({ kind }) => kind === 'release-block');
    },
  };
}

/** A canary that was held, and then taken back; `after` is what became of the jobs between. */
export function expectAborted(run: WorkflowRun, after: Readonly<Record<string, string>>): void {
  expect(resultsOf(run)).toEqual({ staging: 'success', production: 'success', ...after, abort: 'success' });
  expectHeld(run);
  expect(jobOf(run, 'abort').summary).toMatch(/^### Aborted the canary of /m);
}

/** A canary of one pod beside three, which is no failure. */
export function expectHeld(run: WorkflowRun): void {
  expect(jobOf(run, 'production').outputs).toMatchObject({
    ...{ 'roll.outcome': 'paused', 'roll.reason-code': 'canary-held' },
    'roll.message': expect.stringContaining('1 pod beside 3'),
  });
}

/** By the jobs' paths; a skipped one is not there. */
export function resultsOf({ jobs }: WorkflowRun): Readonly<Record<string, string>> {
  return Object.fromEntries(jobs.map(({ path, result }) => [path, result]));
}

/** Fails with all that act printed where there is no such job. */
export function jobOf(run: WorkflowRun, name: string): ActJob {
  const job = run.jobs.find(({ path }) => path === name);
  if (!job) throw new Error(`there is no job ${name}:\n${run.all}`);
  return job;
}
