import { expect } from '@jest/globals';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { expectOneTruth, readEntry } from './ledger-book.ts';
import { changeCauseOf, deploy, imageOf, roll, rollBack, type Story, well } from './story.ts';

export const forwardAndBack: readonly Story[] = [
  {
    title: 'forward to 1.0, 1.1 and 1.2, back to 1.0 by name, forward to 1.2 by name, and auto picks the same',
    tell: async (desk) => {
      await desk.install({ image: webImage('0.9') });
      for (const release of ['1.0', '1.1', '1.2']) {
        const { outputs } = await well(deploy(desk, release));
        expect(outputs).toMatchObject({ outcome: 'succeeded', mode: 'deploy', release, 'run-on-deploy': 'true' });
        await desk.answers(release);
      }
      const carrier = (await readEntry(desk, '1.0'))?.replicaSet;

      const back = await well(rollBack(desk, '1.0'));
      await desk.answers('1.0');
      const deployment = await desk.deployment();
      expect([changeCauseOf(deployment), imageOf(deployment)]).toEqual(['1.0', webImage('1.0')]);
      const running = (await desk.replicaSets()).filter(({ spec }) => spec.replicas > 0);
      expect(running.map(({ metadata }) => metadata.uid)).toEqual([carrier?.uid]);
      expect(back.outputs).toMatchObject({
        outcome: 'succeeded',
        'reason-code': 'rolled-out',
        mode: 'rollback',
        'version-change': 'minor',
        direction: 'down',
        release: '1.0',
        'previous-release': '1.2',
        'last-attempted-release': '1.2',
        'last-good-release': '1.2',
        'first-deployment': 'false',
        trigger: 'workflow_dispatch',
        changed: 'true',
        revision: deployment.metadata.annotations?.['deployment.kubernetes.io/revision'],
        'rolled-back': 'true',
        'rolled-back-from': '1.2',
        'rolled-back-to': '1.0',
        images: `web/web=${webImage('1.0')}`,
        'run-on-deploy': 'false',
        'run-on-rollback': 'true',
        'run-on-minor-version-change': 'true',
      });
      expect(back.summary).toMatch(/^### Rolled back: release `1\.0` is live again on `deployment\/web`/);
      expect(back.summary).toContain('`1.2` → `1.0`');
      expect(back.summary).toContain('2 of 2 available');
      expect(back.annotations.map(({ level }) => level)).toEqual(['notice']);

      const forward = await well(roll(desk, { release: '1.2' }));
      expect(forward.outputs).toMatchObject({ outcome: 'succeeded', release: '1.2', 'rolled-back': 'false' });
      await desk.answers('1.2');

      const auto = await well(deploy(desk, '1.0', { mode: 'auto' }));
      expect(auto.outputs).toMatchObject({ mode: 'rollback', outcome: 'succeeded', 'rolled-back-to': '1.0' });
      await desk.answers('1.0');
      const again = await well(deploy(desk, '1.2', { mode: 'auto' }));
      expect(again.outputs).toMatchObject({ outcome: 'succeeded', 'previous-release': '1.0', 'rolled-back': 'false' });
      await desk.answers('1.2');
      const causes = (await desk.replicaSets()).map((each) => [imageOf(each), changeCauseOf(each)]);
      expect(Object.fromEntries(causes)).toEqual({
        [webImage('0.9')]: undefined,
        [webImage('1.0')]: '1.0',
        [webImage('1.1')]: '1.1',
        [webImage('1.2')]: '1.2',
      });
      await expectOneTruth(desk);
    },
  },
  {
    title: 'a rollback without a name returns to the last good release before the live one, and never forth again',
    tell: async (desk) => {
      await desk.install({ image: webImage('0.9'), annotations: { 'kubernetes.io/change-cause': '0.9' } });
      await well(deploy(desk, '1.0'));
      await well(deploy(desk, '1.1'));
      const first = await well(rollBack(desk, ''));
      expect(first.outputs).toMatchObject({ release: '1.0', 'rolled-back-from': '1.1', 'rolled-back-to': '1.0' });
      await desk.answers('1.0');
      const second = await well(rollBack(desk, ''));
      expect(second.outputs).toMatchObject({ release: '0.9', 'rolled-back-from': '1.0', 'rolled-back-to': '0.9' });
      await desk.answers('0.9');
      const third = await rollBack(desk, '');
      expect([third.exitCode, third.outputs['reason-code']]).toEqual([1, 'release-unknown']);
      await desk.answers('0.9');
    },
  },
  {
    title: 'back to a release that was never here: refused, with those that are known',
    tell: async (desk) => {
      await desk.install({ image: webImage('0.9') });
      await well(deploy(desk, '1.0'));
      await well(deploy(desk, '1.1'));
      const before = await desk.deployment();
      const { exitCode, outputs, annotations } = await rollBack(desk, '1.7', { images: `web=${webImage('1.0')}` });
      expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'failed', 'release-unknown']);
      expect(outputs['message']).toMatch(/release 1\.7 is not known here \(known: 1\.1, 1\.0/);
      expect(annotations).toHaveLength(1);
      expect((await desk.deployment()).metadata.generation).toBe(before.metadata.generation);
    },
  },
  {
    title: 'the live release again: auto restarts its pods on the same bits, mode deploy leaves them alone',
    tell: async (desk) => {
      await desk.install({ image: webImage('0.9') });
      await well(deploy(desk, '1.0'));
      const before = (await desk.pods()).map(({ metadata }) => metadata.uid);
      const same = await well(deploy(desk, '1.0', { mode: 'deploy' }));
      expect(same.outputs).toMatchObject({ outcome: 'unchanged', 'reason-code': 'already-live', changed: 'false' });
      const redeploy = await well(deploy(desk, '1.0'));
      expect(redeploy.outputs).toMatchObject({ mode: 'redeploy', outcome: 'succeeded', 'version-change': 'identical' });
      const after = (await desk.pods()).map(({ metadata }) => metadata.uid);
      expect(after.filter((uid) => before.includes(uid))).toEqual([]);
      await desk.answers('1.0');
      await expectOneTruth(desk);
    },
  },
];
