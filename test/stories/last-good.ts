import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { webDeployment, webService } from '../../sandbox/desk/web-workload.ts';
import type { ActionRun } from '../../sandbox/runner/run-action.ts';
import { expectOneTruth, readEntry, readLedger } from './ledger-book.ts';
import { changeCauseOf, deploy, type Inputs, imageOf, type Story, well } from './story.ts';

/** Deploys a release whose pods end at once, and does not wait for the third crash. */
function deployBad(desk: Desk, release: string, inputs: Inputs = {}): Promise<ActionRun> {
  return deploy(desk, release, { images: `web=${webImage(release, 'noexec')}`, 'fail-fast': 'strict', ...inputs });
}

function expectBack({ exitCode, outputs }: ActionRun, from: string, to: string): void {
  expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'rolled-back', 'container-not-started']);
  expect(outputs).toMatchObject({ 'rolled-back': 'true', 'rolled-back-from': from, 'rolled-back-to': to });
}

/** Marks a release as bad, as somebody with kubectl does. */
async function block(desk: Desk, release: string): Promise<void> {
  const ledger = await readLedger(desk);
  const blockedAt = new Date().toISOString();
  const entries = ledger?.entries.map((entry) => (entry.release === release ? { ...entry, blockedAt } : entry));
  await desk.api.json({
    method: 'PATCH',
    path: `/api/v1/namespaces/${desk.namespace}/configmaps/rollkey.deployment.web`,
    body: { data: { 'ledger.json': JSON.stringify({ ...ledger, entries }) } },
    contentType: 'application/merge-patch+json',
  });
  expect(await readEntry(desk, release)).toMatchObject({ blockedAt });
}

async function twoGoodReleases(desk: Desk): Promise<void> {
  await desk.install({ image: webImage('0.9') });
  await well(deploy(desk, '1.0'));
  await well(deploy(desk, '1.1'));
}

export const lastGood: readonly Story[] = [
  {
    title: '1.0 good, 1.1 good, 1.2 bad: back to 1.1, and the next release goes on from there',
    tell: async (desk) => {
      await twoGoodReleases(desk);
      expectBack(await deployBad(desk, '1.2'), '1.2', '1.1');
      await desk.answers('1.1');
      expect(changeCauseOf(await desk.deployment())).toBe('1.1');
      const { outputs } = await well(deploy(desk, '1.3'));
      expect(outputs).toMatchObject({ 'previous-release': '1.1', 'last-good-release': '1.1', mode: 'deploy' });
      await expectOneTruth(desk);
    },
  },
  {
    title: '1.1 is live but marked bad by hand, 1.2 is bad: back to 1.0',
    tell: async (desk) => {
      await twoGoodReleases(desk);
      await block(desk, '1.1');
      expectBack(await deployBad(desk, '1.2'), '1.2', '1.0');
      await desk.answers('1.0');
      expect(await readEntry(desk, '1.1')).toMatchObject({ blockedAt: expect.any(String) });
      await expectOneTruth(desk);
    },
  },
  {
    title: 'nothing good to go back to, since what was live never worked: failed, said so, evidence kept',
    tell: async (desk) => {
      await desk.apply(webDeployment({ name: 'web', image: webImage('1.0', 'unready') }));
      await desk.apply(webService('web'));
      await expectStranded(desk, 'no other release is known to be good here');
    },
  },
  {
    title: 'nothing good to go back to, since the only other release is marked bad: failed, said so, evidence kept',
    tell: async (desk) => {
      await desk.install({ image: webImage('1.0'), annotations: { 'kubernetes.io/change-cause': '1.0' } });
      await well(deploy(desk, '1.0'));
      await block(desk, '1.0');
      await expectStranded(desk, 'and 1.0, which was live, is blocked');
      // Its pods serve on all the same: the rollout of 1.1 does not get on.
      await desk.answers('1.0');
    },
  },
  {
    title: 'a Deployment that was never rolled by its release, without a change-cause: back to what was live',
    tell: async (desk) => {
      await desk.install({ image: webImage('1.0') });
      const before = await desk.deployment();
      const run = await deployBad(desk, '1.1');
      const back = run.outputs['rolled-back-to'] ?? '';
      expectBack(run, '1.1', back);
      expect(back).toContain(webImage('1.0'));
      await desk.answers('1.0');
      expect(imageOf(await desk.complete())).toBe(imageOf(before));
      expect(await readEntry(desk, back)).toMatchObject({ verifiedAt: expect.any(String) });
    },
  },
  {
    title: 'the way back fails, too: said so, and not tried a second time',
    // A policy is the whole cluster's.
    needsMachinery: true,
    tell: async (desk) => {
      await desk.install({ image: webImage('0.9'), spec: { strategy: { type: 'Recreate' } } });
      await well(deploy(desk, '1.0'));
      await desk.surroundings.refuseImage(webImage('1.0'), 'release 1.0 is not allowed any more');
      const { exitCode, outputs, summary, log } = await deployBad(desk, '1.1');
      expect([exitCode, outputs['outcome']]).toEqual([1, 'rollback-failed']);
      expect(outputs).toMatchObject({ 'reason-code': 'container-not-started', 'rolled-back': 'false' });
      expect(outputs['message']).toContain('release 1.0 is not allowed any more');
      expect(summary).toMatch(/^### Rollback to `1\.0` failed on `deployment\/web`/);
      expect(log.match(/ROLLING_BACK/g)).toHaveLength(1);
      expect(imageOf(await desk.deployment())).toBe(webImage('1.0'));
      expect(await readEntry(desk, '1.0')).toMatchObject({ failedAt: expect.any(String) });
    },
  },
  {
    title: 'a rollback that fails is not rolled back: the pods of the release that it left serve on',
    // A policy is the whole cluster's.
    needsMachinery: true,
    tell: async (desk) => {
      await twoGoodReleases(desk);
      await desk.surroundings.refuseImage(webImage('1.0'), 'release 1.0 is not allowed any more');
      const asked = { mode: 'rollback', images: '', 'fail-fast': 'strict' };
      const { exitCode, outputs, log } = await deploy(desk, '1.0', asked);
      const ending = [exitCode, outputs['outcome'], outputs['reason-code'], outputs['mode']];
      expect(ending).toEqual([1, 'failed', 'admission-denied', 'rollback']);
      expect(log).not.toContain('ROLLING_BACK');
      expect(imageOf(await desk.deployment())).toBe(webImage('1.0'));
      await desk.answers('1.1');
    },
  },
  {
    title: 'rollback_config failure_action continue: a rollback that fails has all of its timeout',
    // A policy is the whole cluster's.
    needsMachinery: true,
    tell: async (desk) => {
      await twoGoodReleases(desk);
      await desk.surroundings.refuseImage(webImage('1.0'), 'release 1.0 is not allowed any more');
      const patient = { 'fail-fast': 'strict', 'rollback-config': 'failure_action: continue', timeout: '6s' };
      const { exitCode, outputs, durationMs } = await deploy(desk, '1.0', { mode: 'rollback', images: '', ...patient });
      expect([exitCode, outputs['reason-code'], outputs['rolled-back']]).toEqual([1, 'timeout', 'false']);
      expect(durationMs).toBeGreaterThan(6_000);
      await desk.answers('1.1');
    },
  },
];

async function expectStranded(desk: Desk, why: string): Promise<void> {
  const { exitCode, outputs, summary } = await deployBad(desk, '1.1');
  expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'failed', 'container-not-started']);
  expect(outputs).toMatchObject({ 'rolled-back': 'false', 'rolled-back-to': '' });
  expect(outputs['message']).toContain(`not rolled back: `);
  expect(outputs['message']).toContain(why);
  expect(summary).toMatch(/^### Failed and not rolled back: release `1\.1`.*command of container web not found/);
  expect(summary).toContain('Evidence of deployment/web');
  const entry = await readEntry(desk, '1.1');
  expect(entry).toMatchObject({ failedAt: expect.any(String) });
  expect(entry).not.toHaveProperty('rolledBackAt');
  expect(imageOf(await desk.deployment())).toBe(webImage('1.1', 'noexec'));
}
