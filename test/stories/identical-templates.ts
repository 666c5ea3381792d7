import { expect } from '@jest/globals';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { expectOneTruth, readEntry, readLedger } from './ledger-book.ts';
import { deploy, imageOf, rollBack, type Story, well } from './story.ts';

export const identicalTemplates: readonly Story[] = [
  {
    title: 'two releases with identical templates: the second does not roll, and both names lead to the same bits',
    tell: async (desk) => {
      await desk.install({ image: webImage('0.9') });
      await well(deploy(desk, '1.0'));
      const pods = (await desk.pods()).map(({ metadata }) => metadata.uid);
      const alias = await well(deploy(desk, '1.0.1', { images: `web=${webImage('1.0')}` }));
      expect(alias.outputs).toMatchObject({ outcome: 'unchanged', 'reason-code': 'already-live', changed: 'false' });
      expect((await desk.pods()).map(({ metadata }) => metadata.uid)).toEqual(pods);
      const [first, second] = [await readEntry(desk, '1.0'), await readEntry(desk, '1.0.1')];
      expect(second?.template).toBe(first?.template);
      expect(Object.keys((await readLedger(desk))?.templates ?? {})).toContain(first?.template);

      for (const release of ['1.0', '1.0.1']) {
        await well(deploy(desk, '1.1'));
        const { outputs } = await well(rollBack(desk, release));
        expect(outputs).toMatchObject({ release, mode: 'rollback', changed: 'true', 'rolled-back': 'true' });
        await desk.answers('1.0');
      }
      // From one name of the bits to the other nothing has to move.
      const { outputs } = await well(rollBack(desk, '1.0'));
      expect(outputs).toMatchObject({ outcome: 'unchanged', changed: 'false', 'rolled-back': 'false' });
      expect(await desk.replicaSets()).toHaveLength(3);
      await expectOneTruth(desk);
    },
  },
  {
    title: 'undone twice with kubectl: the live release is named by its bits, not by where it stands',
    tell: async (desk) => {
      await desk.install({ image: webImage('0.9') });
      for (const release of ['1.0', '1.1', '1.2']) await well(deploy(desk, release));
      for (const live of ['1.1', '1.2']) {
        await desk.byHand.undo('web');
        await desk.complete();
        const { outputs } = await well(desk.run('history', { deployment: 'web' }));
        expect(outputs['live-release']).toBe(live);
      }
      await desk.byHand.undo('web');
      await desk.complete();
      const { outputs } = await well(rollBack(desk, '1.0'));
      expect(outputs).toMatchObject({ 'previous-release': '1.1', 'rolled-back-from': '1.1', 'rolled-back-to': '1.0' });
      await desk.answers('1.0');
      expect(imageOf(await desk.deployment())).toBe(webImage('1.0'));
      await expectOneTruth(desk);
    },
  },
  {
    title: 'restarted with kubectl: the same release, live on new pods, and still rolled back from and to',
    tell: async (desk) => {
      await desk.install({ image: webImage('0.9') });
      await well(deploy(desk, '1.0'));
      await desk.byHand.restart('web');
      await desk.complete();
      const up = await well(deploy(desk, '1.1'));
      expect(up.outputs).toMatchObject({ 'previous-release': '1.0', 'version-change': 'minor' });
      const { outputs } = await well(rollBack(desk, '1.0'));
      expect(outputs).toMatchObject({ outcome: 'succeeded', 'rolled-back-to': '1.0' });
      await desk.answers('1.0');
      await expectOneTruth(desk);
    },
  },
];
