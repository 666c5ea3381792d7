import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { eventually } from '../../sandbox/desk/eventually.ts';
import { paced } from '../../sandbox/desk/pace.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { expectOneTruth, readEntry } from './ledger-book.ts';
import { deploy, imageOf, rollBack, type Story, well } from './story.ts';

async function oneRelease(desk: Desk): Promise<void> {
  await desk.install({ image: webImage('0.9') });
  await well(deploy(desk, '1.0'));
}

/** Waits until the Deployment has an image, i.e. until a rollout has begun. */
function begun(desk: Desk, image: string): Promise<unknown> {
  return eventually(`the image ${image}`, async () => imageOf(await desk.deployment()) === image || undefined);
}

export const endings: readonly Story[] = [
  {
    title: 'another image set by hand while the rollout runs: superseded, and nobody’s work is undone',
    tell: async (desk) => {
      await oneRelease(desk);
      const image = webImage('1.1', 'unready');
      const running = deploy(desk, '1.1', { images: `web=${image}` });
      await begun(desk, image);
      await desk.byHand.setImage('web', webImage('1.2'));
      const { exitCode, outputs, annotations } = await running;
      expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'superseded', 'superseded']);
      expect(annotations[0]).toMatchObject({ level: 'error', message: expect.stringContaining('kubectl-set') });
      expect(imageOf(await desk.complete())).toBe(webImage('1.2'));
      expect(await readEntry(desk, '1.1')).toMatchObject({ supersededAt: expect.any(String) });
      await desk.answers('1.2');
      await expectOneTruth(desk);
    },
  },
  {
    title: 'a pod that never gets ready, and nobody acts: timed out, failed in the ledger; then back by name',
    tell: async (desk) => {
      await oneRelease(desk);
      const { exitCode, outputs, summary, annotations } = await deploy(desk, '1.1', {
        images: `web=${webImage('1.1', 'unready')}`,
        // A kubelet that has much to do tells late that its containers run.
        timeout: paced(desk, '4s', '15s'),
        'update-config': 'failure_action: continue',
      });
      expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'timed-out', 'timeout']);
      expect(outputs).toMatchObject({ changed: 'true', 'rolled-back': 'false', 'last-good-release': '1.0' });
      expect(annotations.map(({ level }) => level)).toEqual(['error']);
      expect(summary).toMatch(/^### Timed out: release `1\.1`/);
      expect(summary).toMatch(/web-[a-z0-9]+-[a-z0-9]+: .*not ready/);
      const entry = await readEntry(desk, '1.1');
      expect([typeof entry?.failedAt, entry?.verifiedAt]).toEqual(['string', undefined]);
      await desk.answers('1.0');

      const back = await well(deploy(desk, '1.0'));
      expect(back.outputs).toMatchObject({ mode: 'rollback', 'rolled-back-from': '1.1', 'rolled-back-to': '1.0' });
      await desk.answers('1.0');
      await expectOneTruth(desk);
    },
  },
  {
    title: 'a crashing pod beyond the progress deadline, and nobody acts: failed, with the crash in the summary',
    tell: async (desk) => {
      // A kubelet that has much to do creates the containers late; and nothing but the deadline is to end this.
      const progressDeadlineSeconds = paced(desk, 3, 15);
      await desk.install({ image: webImage('1.0'), spec: { progressDeadlineSeconds } });
      const { exitCode, outputs, summary } = await deploy(desk, '1.1', {
        images: `web=${webImage('1.1', 'crash')}`,
        'fail-fast': 'off',
        'update-config': 'failure_action: continue',
      });
      const ending = [exitCode, outputs['outcome'], outputs['reason-code']];
      expect(ending).toEqual([1, 'failed', 'progress-deadline-exceeded']);
      expect(summary).toMatch(/container web exits 3\b/);
      expect(await readEntry(desk, '1.1')).toMatchObject({ failedAt: expect.any(String) });
      // Reusing a ReplicaSet leaves the old deadline's condition standing for a while: it must not count.
      const { outputs: after } = await well(rollBack(desk, ''));
      expect(after).toMatchObject({ outcome: 'succeeded', 'rolled-back-from': '1.1' });
      await desk.answers('1.0');
    },
  },
  {
    title: 'the runner dies during the rollout: the attempt stands in the ledger, and the next run knows what to leave',
    tell: async (desk) => {
      await oneRelease(desk);
      const image = webImage('1.1', 'unready');
      const death = new AbortController();
      const inputs = { deployment: 'web', release: '1.1', images: `web=${image}` };
      const running = desk.run('root', inputs, { killed: death.signal });
      await begun(desk, image);
      death.abort();
      expect((await running).exitCode).toBeNull();
      const entry = await readEntry(desk, '1.1');
      expect([typeof entry?.attemptedAt, entry?.verifiedAt, entry?.failedAt]).toEqual(['string', undefined, undefined]);
      const { outputs } = await well(deploy(desk, '1.0'));
      expect(outputs).toMatchObject({ mode: 'rollback', 'last-attempted-release': '1.1', 'rolled-back-from': '1.1' });
      await desk.answers('1.0');
      await expectOneTruth(desk);
    },
  },
  {
    title: 'no replicas: set, but nothing is verified and nothing counts as good',
    tell: async (desk) => {
      await desk.install({ image: webImage('0.9'), replicas: 0 });
      const { outputs, summary } = await well(deploy(desk, '1.0'));
      expect(outputs).toMatchObject({ outcome: 'succeeded', 'reason-code': 'nothing-verified', changed: 'true' });
      expect(summary).toMatch(/^### Set but not verified/);
      expect((await readEntry(desk, '1.0'))?.verifiedAt).toBeUndefined();
      const next = await well(deploy(desk, '1.1'));
      expect(next.outputs['last-good-release']).not.toBe('1.0');
    },
  },
  {
    title: 'deleted while the rollout runs: failed, in one line',
    tell: async (desk) => {
      await oneRelease(desk);
      const image = webImage('1.1', 'unready');
      const running = deploy(desk, '1.1', { images: `web=${image}` });
      await begun(desk, image);
      await desk.byHand.remove('web');
      const { exitCode, outputs } = await running;
      expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'failed', 'deleted']);
      expect(outputs['message']).toContain('deleted');
      expect(await readEntry(desk, '1.1')).not.toHaveProperty('failedAt');
    },
  },
];
