import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { eventually } from '../../sandbox/desk/eventually.ts';
import { missingImage, webImage } from '../../sandbox/desk/test-cluster.ts';
import { expectOneTruth, readLedger } from './ledger-book.ts';
import { changeCauseOf, deploy, imageOf, rollBack, type Story, well } from './story.ts';

/** What two people in a hurry do: the crashing image and then one that is nowhere, both under the cause of what was live. */
async function twoHandMadeChanges(desk: Desk): Promise<void> {
  for (const image of [webImage('1.1', 'crash'), missingImage]) {
    await desk.byHand.setImage('web', image);
    await eventually(`a ReplicaSet of ${image}`, async () => (await desk.replicaSets()).map(imageOf).includes(image));
  }
}

export const accident: readonly Story[] = [
  {
    title: 'the accident: hand-made images inherit the change-cause 1.0, and a rollback to 1.0 lands on its own bits',
    tell: async (desk) => {
      await desk.install({ image: webImage('0.9') });
      await well(deploy(desk, '1.1'));
      await well(deploy(desk, '1.0'));
      await twoHandMadeChanges(desk);
      expect(changeCauseOf(await desk.deployment())).toBe('1.0');
      for (const time of ['first', 'second', 'third']) {
        const { outputs, summary, annotations } = await well(rollBack(desk, '1.0'));
        expect([time, outputs['outcome'], outputs['mode']]).toEqual([time, 'succeeded', 'rollback']);
        await desk.answers('1.0');
        expect(imageOf(await desk.deployment())).toBe(webImage('1.0'));
        const { drift } = JSON.parse(outputs['result'] ?? '').workloads[0];
        expect(drift.join('\n')).toContain(webImage('1.1', 'crash'));
        expect(drift.join('\n')).toContain(missingImage);
        expect(summary).toContain('Ledger and cluster disagree');
        expect(summary).toContain(webImage('1.1', 'crash'));
        expect(annotations.map(({ level }) => level)).toEqual(['notice', 'warning']);
        await expectOneTruth(desk);
        await twoHandMadeChanges(desk);
      }
    },
  },
  {
    title: 'made by kubectl alone, with three templates under one name: refused, with the candidates listed',
    tell: async (desk) => {
      await desk.install({ image: webImage('1.0'), annotations: { 'kubernetes.io/change-cause': '1.0' } });
      await twoHandMadeChanges(desk);
      await desk.byHand.setImage('web', webImage('1.1'));
      await desk.byHand.annotate('web', { 'kubernetes.io/change-cause': '1.1' });
      await desk.complete();
      const before = await desk.deployment();
      const { exitCode, outputs, summary } = await rollBack(desk, '1.0');
      expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'failed', 'release-ambiguous']);
      for (const image of [webImage('1.0'), webImage('1.1', 'crash'), missingImage]) {
        expect(outputs['message']).toContain(image);
      }
      expect(outputs['message']).not.toContain('\n');
      expect(summary).toContain('Nothing was changed');
      expect((await desk.deployment()).metadata.generation).toBe(before.metadata.generation);
      expect(await readLedger(desk)).toBeUndefined();
    },
  },
  {
    title: 'made by kubectl alone, with one template under the name: rolled back to',
    tell: async (desk) => {
      await desk.install({ image: webImage('1.0'), annotations: { 'kubernetes.io/change-cause': '1.0' } });
      await desk.byHand.setImage('web', webImage('1.1'));
      await desk.byHand.annotate('web', { 'kubernetes.io/change-cause': '1.1' });
      await desk.complete();
      const { outputs } = await well(rollBack(desk, '1.0'));
      expect(outputs).toMatchObject({ outcome: 'succeeded', 'previous-release': '1.1', 'rolled-back-to': '1.0' });
      await desk.answers('1.0');
      expect(changeCauseOf(await desk.deployment())).toBe('1.0');
      await expectOneTruth(desk);
    },
  },
  {
    title: 'kubectl apply with a change-cause only, then releases by the action: back to what kubectl brought',
    tell: async (desk) => {
      await desk.install({ image: webImage('1.0'), annotations: { 'kubernetes.io/change-cause': '1.0' } });
      const first = await well(deploy(desk, '1.1'));
      expect(first.outputs).toMatchObject({ 'previous-release': '1.0', 'last-good-release': '1.0' });
      const { outputs } = await well(rollBack(desk, ''));
      expect(outputs).toMatchObject({ release: '1.0', 'rolled-back-from': '1.1' });
      await desk.answers('1.0');
    },
  },
];
