import { expect } from '@jest/globals';
import { paced } from '../../sandbox/desk/pace.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { abort, beginCanary, expectHeld, expectReturned, held, openCanaryDesk, readCanary } from './canary-desk.ts';
import { expectOneTruth, readEntry } from './ledger-book.ts';
import { deploy, imageOf, isWrite, rollBack, type Story, well } from './story.ts';

const crash = { images: `web=${webImage('1.1', 'crash')}`, 'fail-fast': 'strict' };

/** A canary that is not promoted: it fails, or something else is asked for while it is held. */
export const canaryChangedMind: readonly Story[] = [
  {
    title: 'a canary that crashes: taken back by itself, no old pod was ever missing, the run fails',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 3);
      const { exitCode, outputs, summary } = await beginCanary(desk, '1', crash);
      expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'rolled-back', 'container-crashed']);
      expect(outputs).toMatchObject({ 'rolled-back-from': '1.1', 'rolled-back-to': '1.0' });
      expect(summary).toContain('Evidence of deployment/web');
      await expectReturned(desk, shop);
      expect(await shop.counts()).toMatchObject({ mostNew: 1, fewestOldReady: 3 });
      expect(await readEntry(desk, '1.1')).toMatchObject({ failedAt: expect.any(String) });
      await desk.answers('1.0');
      shop.close();
    },
  },
  {
    title: 'a canary that never gets ready: its time is up, and it is taken back',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 2);
      const images = `web=${webImage('1.1', 'unready')}`;
      const { exitCode, outputs } = await beginCanary(desk, '1', { images, timeout: paced(desk, '5s', '25s') });
      expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'rolled-back', 'timeout']);
      await expectReturned(desk, shop);
      expect(await shop.counts()).toMatchObject({ mostNew: 1, fewestOldReady: 2 });
      await desk.answers('1.0');
      shop.close();
    },
  },
  {
    title: 'a check that fails on a canary: taken back before anybody was asked',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 2);
      const argv = ['/bin/sh', '-c', 'test "$ROLLKEY_RELEASE" != 1.1'];
      const verify = JSON.stringify([{ command: argv, interval: '300ms', threshold: 1 }]);
      const { exitCode, outputs } = await beginCanary(desk, '1', { verify });
      expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'rolled-back', 'check-failed']);
      await expectReturned(desk, shop);
      expect(await shop.counts()).toMatchObject({ mostNew: 1, fewestOldReady: 2 });
      shop.close();
    },
  },
  {
    title: 'a rollback by name while a canary is held: one write, and the bad release never grows',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 4);
      await held(beginCanary(desk, '25%'));
      const since = new Date();
      const { outputs } = await well(rollBack(desk, '1.0'));
      expect(outputs).toMatchObject({ outcome: 'succeeded', mode: 'rollback', 'rolled-back-to': '1.0' });
      const patches = (await desk.requestsSince(since))?.filter(isWrite);
      if (patches) expect(patches).toHaveLength(1);
      await expectReturned(desk, shop);
      expect(await shop.counts()).toMatchObject({ mostNew: 1, fewestOldReady: 4 });
      await desk.answers('1.0');
      await expectOneTruth(desk);
      shop.close();
    },
  },
  {
    title: 'another release while a canary is held: the held one never grows, and the new one is complete',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 3);
      await held(beginCanary(desk, '1'));
      const { outputs } = await well(deploy(desk, '1.2'));
      expect(outputs).toMatchObject({ outcome: 'succeeded', release: '1.2', 'previous-release': '1.0' });
      await expectReturned(desk, shop);
      await desk.answers('1.2');
      expect(await readEntry(desk, '1.1')).not.toHaveProperty('verifiedAt');
      await expectOneTruth(desk);
      shop.close();
    },
  },
  {
    title: 'another canary while one is held takes its place',
    tell: async (desk) => {
      const shop = await openCanaryDesk(desk, 3);
      await held(beginCanary(desk, '1'));
      await held(beginCanary(desk, '2', {}, '1.2'));
      await expectHeld(desk, { old: 3, new: 2 });
      expect(await shop.counts()).toMatchObject({ fewestOldReady: 3 });
      expect(await readCanary(desk)).toMatchObject({ release: '1.2', from: '1.0' });
      await well(abort(desk));
      await expectReturned(desk, shop);
      expect(imageOf(await desk.deployment())).toBe(webImage('1.0'));
      shop.close();
    },
  },
];
