import { expect } from '@jest/globals';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import {
  abort,
  beginCanary,
  expectHeld,
  expectReturned,
  held,
  openCanaryDesk,
  promote,
  readCanary,
} from './canary-desk.ts';
import { expectOneTruth, readEntry } from './ledger-book.ts';
import { deploy, imageOf, isWrite, type Story, well } from './story.ts';

export const canary: readonly Story[] = [
  {
    title: 'a canary of one of three: exactly one new pod beside all old ones, and promoted from there',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 3);
      const since = new Date();
      const { outputs, summary, annotations } = await held(beginCanary(desk, '1'));
      expect(outputs).toMatchObject({ release: '1.1', 'previous-release': '1.0', changed: 'true' });
      expect(outputs['message']).toContain('1 pod beside 3 of 1.0');
      expect(summary).toMatch(/^### Holding a canary/);
      expect(summary).toContain('promote');
      expect(summary).toContain('abort');
      expect(annotations.map(({ level }) => level)).not.toContain('error');
      expect(await shop.counts()).toMatchObject({ mostNew: 1, fewestOldReady: 3 });
      await expectHeld(desk, { old: 3, new: 1 });
      const patches = (await desk.requestsSince(since))?.filter(isWrite);
      if (patches) expect(patches).toHaveLength(2);
      expect(await readCanary(desk)).toMatchObject({ release: '1.1', from: '1.0', step: 0 });
      expect(await readEntry(desk, '1.1')).not.toHaveProperty('verifiedAt');

      const promoted = await well(promote(desk));
      expect(promoted.outputs).toMatchObject({ outcome: 'succeeded', release: '1.1' });
      await expectReturned(desk, shop);
      await desk.answers('1.1');
      expect(await readEntry(desk, '1.1')).toMatchObject({ verifiedAt: expect.any(String) });
      await expectOneTruth(desk);
      shop.close();
    },
  },
  {
    title: 'a canary in several sizes: the same run again and promote go on, each to exactly what was asked',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 4);
      const sizes = '1, 50%, 75%';
      await held(beginCanary(desk, sizes));
      expect(await shop.counts()).toMatchObject({ mostNew: 1, fewestOldReady: 4 });
      await held(beginCanary(desk, sizes));
      expect(await shop.counts()).toMatchObject({ mostNew: 2, fewestOldReady: 4 });
      await expectHeld(desk, { old: 4, new: 2 });
      await held(promote(desk, { release: '1.1' }));
      expect(await shop.counts()).toMatchObject({ mostNew: 3, fewestOldReady: 4 });
      await expectHeld(desk, { old: 4, new: 3 });
      expect(await readCanary(desk)).toMatchObject({ step: 2 });
      const { outputs } = await well(beginCanary(desk, sizes));
      expect(outputs['outcome']).toBe('succeeded');
      await expectReturned(desk, shop);
      await desk.answers('1.1');
      shop.close();
    },
  },
  {
    title: 'a canary promoted to all at once, over the sizes that are left',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 3);
      await held(beginCanary(desk, '1, 2'));
      const run = await well(promote(desk, { to: 'all' }));
      expect(run.outputs['outcome']).toBe('succeeded');
      await expectReturned(desk, shop);
      await desk.answers('1.1');
      shop.close();
    },
  },
  {
    title: 'a canary as large as the workload: all new beside all old, and back',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 2);
      await held(beginCanary(desk, '100%'));
      await expectHeld(desk, { old: 2, new: 2 });
      await well(abort(desk));
      expect(await shop.counts()).toMatchObject({ mostNew: 2, fewestOldReady: 2 });
      await expectReturned(desk, shop);
      await desk.answers('1.0');
      shop.close();
    },
  },
  {
    title: 'a canary aborted: it goes in one write, no old pod was ever missing, and the run passes',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 3);
      await held(beginCanary(desk, '34%'));
      await expectHeld(desk, { old: 3, new: 2 });
      const since = new Date();
      const { outputs, summary } = await well(abort(desk, { reason: 'too slow' }));
      expect(outputs).toMatchObject({ outcome: 'aborted', 'reason-code': 'canary-aborted', release: '1.0' });
      expect(summary).toContain('too slow');
      const patches = (await desk.requestsSince(since))?.filter(isWrite);
      if (patches) expect(patches).toHaveLength(1);
      await expectReturned(desk, shop);
      expect(await shop.counts()).toMatchObject({ mostNew: 2, fewestOldReady: 3 });
      expect(imageOf(await desk.deployment())).toBe(webImage('1.0'));
      expect(await readEntry(desk, '1.1')).not.toHaveProperty('verifiedAt');
      await expectOneTruth(desk);
      shop.close();
    },
  },
  {
    title: 'a canary that is held for a while: it goes on by itself, size by size',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 3);
      const { outputs, durationMs } = await well(beginCanary(desk, '1, 2', { 'canary-hold': '1s' }));
      expect(outputs).toMatchObject({ outcome: 'succeeded', release: '1.1' });
      expect(durationMs).toBeGreaterThan(2_000);
      await expectReturned(desk, shop);
      await desk.answers('1.1');
      shop.close();
    },
  },
  {
    title: 'the run that began a canary is run again: it stays as it is, since nobody was asked',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 3);
      const inputs = { deployment: 'web', release: '1.1', images: `web=${webImage('1.1')}`, canary: '1, 2' };
      for (const attempt of ['1', '2']) {
        const environment = { GITHUB_RUN_ATTEMPT: attempt };
        await held(desk.run('root', { ...inputs, 'update-config': 'monitor: 0s' }, { environment }));
        await expectHeld(desk, { old: 3, new: 1 });
      }
      expect(await shop.counts()).toMatchObject({ mostNew: 1, fewestOldReady: 3 });
      shop.close();
    },
  },
  {
    title: 'with no canary held, promote and abort change nothing and say so',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 1);
      await well(deploy(desk, '1.1'));
      const { metadata } = await desk.deployment();
      for (const run of [promote, abort]) {
        const { exitCode, outputs } = await run(desk);
        expect([exitCode, outputs['outcome'], outputs['changed']]).toEqual([1, 'failed', 'false']);
        expect(outputs['message']).toMatch(/no canary/);
      }
      expect((await desk.deployment()).metadata.generation).toBe(metadata.generation);
      shop.close();
    },
  },
  {
    title: 'promote and abort of another release than the one that is held: refused, and it stays held',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 2);
      await held(beginCanary(desk, '1'));
      for (const run of [promote, abort]) {
        const { exitCode, outputs } = await run(desk, { release: '1.2' });
        expect([exitCode, outputs['changed']]).toEqual([1, 'false']);
        expect(outputs['message']).toContain('1.1');
      }
      await expectHeld(desk, { old: 2, new: 1 });
      shop.close();
    },
  },
];
