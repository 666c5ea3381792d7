import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ActJob } from '../../sandbox/act/act-log.ts';
import type { TestCluster } from '../../sandbox/desk/test-cluster.ts';
import {
  type CanaryShop,
  expectAborted,
  expectHeld,
  jobOf,
  openCanaryShop,
  resultsOf,
  UNREVIEWED,
} from './pipelines-canary-shop.ts';

const LONGEST_MS = 600_000;

/** What reviewers make of a canary that examples/canary.yml holds in production: the same on every cluster. */
export function tellReviewedCanaries(cluster: TestCluster): void {
  const folder = mkdtempSync(join(tmpdir(), 'rollkey-canary-'));
  const trace = join(folder, 'executed');
  let at: CanaryShop;

  beforeAll(async () => {
    at = await openCanaryShop(cluster);
  }, LONGEST_MS);
  afterAll(async () => {
    await at?.close();
    rmSync(folder, { recursive: true });
  });

  const tell = (title: string, story: () => Promise<void>) => test(title, story, LONGEST_MS);

  tell('approved, 1.1 is held as a canary first, and then everywhere', async () => {
    const run = await at.shop.push('1.1', {}, 'canary.yml');
    const jobs = ['staging', 'production', 'review', 'promote'];
    expect(resultsOf(run)).toEqual(Object.fromEntries(jobs.map((job) => [job, 'success'])));
    expectHeld(run);
    expect(jobOf(run, 'promote').outputs).toMatchObject({ 'promote.outcome': 'succeeded', 'promote.release': '1.1' });
    await at.expectSettled('1.1');
    expect(at.blocks()).toEqual([]);
  });

  tell('rejected, 1.2 leaves its pods and is blocked by what the reviewer said', async () => {
    const comment = [
      `the checkout is slow $(touch ${trace}) \`touch ${trace}\` '; touch ${trace}; "`,
      ...['::set-output name=taken::yes', '::error title=taken::taken', '::stop-commands::taken', '##[error]taken'],
      `<img src=x onerror=alert(1)> [taken](javascript:alert(1)) | \${{ github.token }}`,
    ].join('\n');
    at.review('200', 'rejected', 'hubot', comment);
    const run = await at.shop.push('1.2', { runId: '200' }, UNREVIEWED);
    expectAborted(run, { review: 'failure' });
    const abort = jobOf(run, 'abort');
    const said = 'rejected by @hubot in production-promote: the checkout is slow $(touch';
    const { reason } = at.blocks()[0] ?? {};
    expect(at.blocks()).toMatchObject([{ release: '1.2', environment: 'production', runId: '200' }]);
    for (const text of [reason, abort.log]) expect(text).toContain(said);
    expect(abort.summary).toMatch(/^Why: rejected by @\S*hubot in production-promote: the checkout is slow/m);
    expectOnlyText(abort);
    await at.expectSettled('1.1');
  });

  tell('the next environment is closed to it, and says who rejected it', async () => {
    const run = await at.shop.dispatch('promote.yml', { release: '1.2', environment: 'dev' });
    expect(resultsOf(run)).toEqual({ 'promote/gate': 'failure' });
    const gate = jobOf(run, 'promote/gate');
    expect(gate.outputs).toMatchObject({
      'gate.reason-code': 'release-blocked',
      'gate.block-reason': expect.stringContaining('rejected by @hubot in production-promote: the checkout is slow'),
    });
    expect(gate.summary).toContain('the checkout is slow');
    expectOnlyText(gate);
    expect(await at.shop.runs('dev')).toEqual(['1.0', '1.0']);
  });

  tell('the rejected run, run again, is stopped before it touches production', async () => {
    const run = await at.shop.push('1.2', { runId: '200', attempt: 2 }, 'canary.yml');
    expect(resultsOf(run)).toEqual({ staging: 'success', production: 'failure' });
    expect(at.blocks()).toHaveLength(1);
    await at.expectSettled('1.1');
  });

  tell('all that was asked of GitHub is as its description says', async () => {
    expect(at.shop.github.violations).toEqual([]);
  });

  /** Of what the text wants, nothing came about: no program, no output, no annotation, no markup in the summary. */
  function expectOnlyText({ outputs, annotations, summary }: ActJob): void {
    expect(existsSync(trace)).toBe(false);
    expect(Object.keys(outputs).filter((name) => name.endsWith('.taken'))).toEqual([]);
    for (const { title, message } of annotations) expect([title, message]).not.toContain('taken');
    expect(summary).not.toMatch(/<img|[^\\]\[taken\]\(|^::/m);
  }
}
