import { expect } from '@jest/globals';
import { missingImage, webImage } from '../../sandbox/desk/test-cluster.ts';
import { board } from './board.ts';
import { readLedger } from './ledger-book.ts';
import { deploy, rollBack, type Story, well } from './story.ts';

export const planAndHistory: readonly Story[] = [
  {
    title: 'plan, and dry-run of the root action: what would happen, with its diff, and nothing is changed',
    tell: async (desk) => {
      await desk.install({ image: webImage('0.9') });
      await well(deploy(desk, '1.0'));
      await well(deploy(desk, '1.1'));
      const [before, ledger, since] = [await desk.deployment(), await readLedger(desk), new Date()];
      const images = `web=${webImage('1.2')}`;
      const runs = [
        await well(desk.run('plan', { deployment: 'web', release: '1.2', images })),
        await well(desk.run('root', { deployment: 'web', release: '1.2', images, 'dry-run': 'true' })),
      ];
      for (const { outputs, summary } of runs) {
        expect(outputs).toMatchObject({
          outcome: 'planned',
          mode: 'deploy',
          'version-change': 'minor',
          direction: 'up',
          'previous-release': '1.1',
          'run-on-deploy': 'true',
          'run-on-rollback': 'false',
          changed: 'false',
          images: `web/web=${webImage('1.2')}`,
        });
        expect(summary).toMatch(/^### Plan: deploy release `1\.2`/);
        const diff = /```diff\n([\s\S]*?)```/.exec(summary)?.[1] ?? '';
        expect(diff).toMatch(new RegExp(`^-.*${webImage('1.1')}$`, 'm'));
        expect(diff).toMatch(new RegExp(`^\\+.*${webImage('1.2')}$`, 'm'));
      }
      const back = await well(desk.run('plan', { deployment: 'web', release: '1.0' }));
      expect(back.outputs).toMatchObject({ mode: 'rollback', 'run-on-deploy': 'false', 'run-on-rollback': 'true' });

      const after = await desk.deployment();
      expect([after.metadata.generation, after.spec]).toEqual([before.metadata.generation, before.spec]);
      expect(await readLedger(desk)).toEqual(ledger);
      const asked = (await desk.requestsSince(since)) ?? [];
      const writes = asked.filter(({ verb, query }) => !/get|list|watch/.test(verb) && !query.includes('dryRun=All'));
      expect(writes).toEqual([]);
    },
  },
  {
    title: 'history: every release with its bits and verdict, and revisions by another hand with what they really are',
    tell: async (desk) => {
      await desk.install({ image: webImage('0.9') });
      await well(deploy(desk, '1.0'));
      await well(deploy(desk, '1.1'));
      await well(rollBack(desk, '1.0', { reason: 'checkout is slow' }));
      await desk.byHand.setImage('web', missingImage);
      const since = new Date();
      const { outputs, summary } = await well(desk.run('history', { deployment: 'web' }));
      const rows: readonly Row[] = JSON.parse(outputs['history'] ?? '');
      const row = (release: string, image: string) =>
        rows.find((each) => each.release === release && each.images['web'] === image);
      expect(row('1.1', webImage('1.1'))).toMatchObject({ verdict: 'rolled-back', live: false, lastGood: false });
      expect(row('1.0', webImage('1.0'))).toMatchObject({
        verdict: 'verified',
        live: false,
        lastGood: true,
        restorable: 'replica-set',
        note: 'came back: checkout is slow',
      });
      expect(row('', missingImage)).toMatchObject({ live: true, note: expect.stringContaining('1.0') });
      expect(outputs).toMatchObject({ 'live-release': '', 'last-good-release': '1.0' });
      for (const cell of ['`1.0`', '`1.1`', 'last good', webImage('1.1'), missingImage, 'rolled-back']) {
        expect(summary).toContain(cell);
      }
      const asked = (await desk.requestsSince(since)) ?? [];
      expect(asked.filter(({ verb }) => !/get|list/.test(verb))).toEqual([]);
    },
  },
  ...board,
];

interface Row {
  readonly release: string;
  readonly images: Readonly<Record<string, string>>;
}
