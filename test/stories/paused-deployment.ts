import { expect } from '@jest/globals';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { readEntry } from './ledger-book.ts';
import { deploy, imageOf, rollBack, type Story, well } from './story.ts';

export const paused: readonly Story[] = [
  {
    title: 'paused with a bad image in it: the rollback ends the pause in the same write, and the image never runs',
    tell: async (desk) => {
      await desk.install({ image: webImage('0.9') });
      await well(deploy(desk, '1.0'));
      await well(deploy(desk, '1.1'));
      await desk.byHand.pause('web');
      await desk.byHand.setImage('web', webImage('1.2', 'crash'));
      const since = new Date();
      const { outputs } = await well(rollBack(desk, '1.0'));
      expect(outputs).toMatchObject({ outcome: 'succeeded', release: '1.0', changed: 'true' });
      await desk.answers('1.0');
      expect((await desk.deployment()).spec.paused ?? false).toBe(false);
      expect((await desk.replicaSets()).map(imageOf)).not.toContain(webImage('1.2', 'crash'));
      const patches = (await desk.requestsSince(since))?.filter(({ verb }) => verb === 'patch');
      if (patches) expect(patches).toHaveLength(1);
    },
  },
  {
    title: 'paused: nothing is deployed or restarted there',
    tell: async (desk) => {
      await desk.install({ image: webImage('0.9') });
      await well(deploy(desk, '1.0'));
      await desk.byHand.pause('web');
      const before = await desk.deployment();
      for (const inputs of [{ release: '1.1' }, { release: '1.0', mode: 'redeploy' }]) {
        const { exitCode, outputs } = await deploy(desk, inputs.release, inputs);
        expect([exitCode, outputs['reason-code'], outputs['changed']]).toEqual([1, 'preflight-refused', 'false']);
        expect(outputs['message']).toMatch(/is paused.*kubectl rollout resume/);
      }
      expect((await desk.deployment()).metadata.generation).toBe(before.metadata.generation);
      expect(await readEntry(desk, '1.1')).toBeUndefined();
    },
  },
];
