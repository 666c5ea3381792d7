import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type TestCluster, webImage } from '../../sandbox/desk/test-cluster.ts';
import {
  type CanaryShop,
  expectAborted,
  jobOf,
  openCanaryShop,
  REVIEWED,
  resultsOf,
  UNPROMOTED,
  UNREVIEWED,
  WAITING,
} from './pipelines-canary-shop.ts';

const LONGEST_MS = 600_000;

/** A held canary that nobody rejects and that is not promoted either, or nobody can say why. */
export function tellLostCanaries(cluster: TestCluster): void {
  let at: CanaryShop;

  beforeAll(async () => {
    at = await openCanaryShop(cluster);
  }, LONGEST_MS);
  afterAll(() => at?.close());

  const tell = (title: string, story: () => Promise<void>) => test(title, story, LONGEST_MS);

  async function expectBlocked(release: string, runId: string, reason: string): Promise<void> {
    expect(at.blocks()[0]).toMatchObject({ release, environment: 'production', runId });
    expect(at.blocks()[0]?.reason).toContain(reason);
    await at.expectSettled('1.0');
  }

  tell('not approved in time, it leaves its pods, and is blocked without anybody being named', async () => {
    // GitHub fails a job that nobody reviews for 30 days, and keeps no review of it.
    at.shop.github.review('300', { state: 'approved', login: 'octocat', environments: ['staging'] });
    expectAborted(await at.shop.push('1.1', { runId: '300' }, UNREVIEWED), { review: 'failure' });
    await expectBlocked('1.1', '300', 'not promoted (review failure, promotion skipped)');
  });

  tell(
    'approved, but lost while it was promoted, it leaves its pods, and nobody is said to have rejected it',
    async () => {
      // In the attempt before.
      at.review('400', 'rejected', 'hubot');
      at.review('400', 'approved', 'octocat');
      const run = await at.shop.push('1.2', { runId: '400', attempt: 2 }, UNPROMOTED);
      expectAborted(run, { review: 'success', promote: 'failure' });
      await expectBlocked('1.2', '400', 'not promoted (review success, promotion failure)');
    },
  );

  tell(
    'without the right to read who rejected it, it is taken back all the same, and the log names the line',
    async () => {
      at.review('500', 'rejected', 'hubot');
      const token = at.shop.github.token({ deployments: 'write' });
      const run = await at.shop.push('1.3', { runId: '500', token }, UNREVIEWED);
      expectAborted(run, { review: 'failure' });
      expect(jobOf(run, 'abort').log).toContain('`permissions: { actions: read }`');
      await expectBlocked('1.3', '500', 'not promoted (review failure, promotion skipped)');
    },
  );

  tell('while GitHub does not say who rejected it, it is taken back all the same', async () => {
    at.review('600', 'rejected', 'hubot');
    at.shop.github.faults.always({ answer: 503 }, ({ path }) => path.endsWith('/approvals'));
    const run = await at.shop.push('1.4', { runId: '600' }, UNREVIEWED);
    expectAborted(run, { review: 'failure' });
    expect(jobOf(run, 'abort').log).toContain('nobody can say who rejected the release');
    await expectBlocked('1.4', '600', 'not promoted (review failure, promotion skipped)');
  });

  tell(
    'approved, but refused while it was promoted, it is rolled back by that, and nothing is left to abort',
    async () => {
      at.shop.github.faults.clear();
      const { production } = at.shop.surroundings;
      const [run] = await Promise.all([
        at.shop.push('1.5', { runId: '700' }, WAITING),
        at.meanwhile(() => production.refuseImage(webImage('1.5'), 'not signed')),
      ]);
      await production.undo();
      const all = { staging: 'success', production: 'success', review: 'success' };
      expect(resultsOf(run)).toEqual({ ...all, promote: 'failure' });
      expect(jobOf(run, 'promote').outputs).toMatchObject({ 'promote.outcome': 'rolled-back' });
      await expectBlocked('1.5', '700', 'not signed');
    },
  );

  tell('two environments behind one run: only what was said in its own counts', async () => {
    at.shop.github.review('800', { state: 'rejected', login: 'somebody', environments: ['europe-promote'] });
    at.shop.github.review('800', { state: 'rejected', login: 'hubot', environments: [REVIEWED.toUpperCase()] });
    expectAborted(await at.shop.push('1.6', { runId: '800' }, UNREVIEWED), { review: 'failure' });
    await expectBlocked('1.6', '800', 'rejected by @hubot in production-promote');
    expect(at.blocks()[0]?.reason).not.toContain('somebody');
    expect(at.shop.github.violations).toEqual([]);
  });
}
