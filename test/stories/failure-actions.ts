import { expect } from '@jest/globals';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { onTwoNodes } from '../../sandbox/desk/two-nodes.ts';
import { readEntry } from './ledger-book.ts';
import { deploy, imageOf, rollBack, type Story, well } from './story.ts';

const crash = (release: string) => ({ images: `web=${webImage(release, 'crash')}`, 'fail-fast': 'strict' });

export const failureActions: readonly Story[] = [
  {
    title: 'failure_action pause: stopped where it is, 1.0 serves on, and a rollback goes on from there',
    tell: async (desk) => {
      const one = { image: webImage('1.0'), annotations: { 'kubernetes.io/change-cause': '1.0' } };
      await desk.install(one);
      const inputs = { ...crash('1.1'), 'update-config': '{ failure_action: pause, monitor: 0s }' };
      const { exitCode, outputs, summary } = await deploy(desk, '1.1', inputs);
      expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'paused', 'container-crashed']);
      expect(outputs).toMatchObject({ 'rolled-back': 'false', 'rolled-back-to': '' });
      expect(summary).toMatch(/^### Paused half way: release `1\.1` failed .*container web exits 3/);
      expect(summary).toContain('Evidence of deployment/web');
      const deployment = await desk.deployment();
      expect([deployment.spec.paused, imageOf(deployment)]).toEqual([true, webImage('1.1', 'crash')]);
      await desk.answers('1.0');
      const entry = await readEntry(desk, '1.1');
      expect(entry).toMatchObject({ failedAt: expect.any(String) });
      expect(entry).not.toHaveProperty('rolledBackAt');

      const back = await well(rollBack(desk, ''));
      expect(back.outputs).toMatchObject({ outcome: 'succeeded', 'rolled-back-from': '1.1', 'rolled-back-to': '1.0' });
      expect((await desk.complete()).spec).not.toHaveProperty('paused', true);
      await desk.answers('1.0');
    },
  },
  {
    title: 'fail-on-rollback false: rolled back, and the job passes',
    tell: async (desk) => {
      await desk.install({ image: webImage('1.0'), annotations: { 'kubernetes.io/change-cause': '1.0' } });
      const run = await deploy(desk, '1.1', { ...crash('1.1'), 'fail-on-rollback': 'false' });
      expect([run.exitCode, run.outputs['outcome'], run.outputs['rolled-back-to']]).toEqual([0, 'rolled-back', '1.0']);
      expect(run.annotations.map(({ level }) => level)).not.toContain('notice');
      await desk.answers('1.0');
    },
  },
  {
    title: 'max_failure_ratio: what fails on one node of two is tolerated at 0.5, and taken back below',
    needsMachinery: true,
    tell: async (desk) => {
      const annotations = { 'kubernetes.io/change-cause': '1.0' };
      const workload = { image: webImage('1.0'), replicas: 4, annotations, ...(await onTwoNodes(desk, 'bad-node')) };
      await desk.install(workload);
      const timeout = desk.cluster.kind === 'embedded' ? '4s' : '25s';
      const inputs = { images: `web=${webImage('1.1', 'local')}`, timeout };
      const less = '{ max_failure_ratio: 0.4, monitor: 0s }';
      const { outputs } = await deploy(desk, '1.1', { ...inputs, 'update-config': less });
      expect(outputs).toMatchObject({ outcome: 'rolled-back', 'rolled-back-to': '1.0' });
      await desk.complete();

      const half = '{ max_failure_ratio: 0.5, monitor: 0s }';
      const tolerated = await well(deploy(desk, '1.1', { ...inputs, 'update-config': half }));
      expect(tolerated.outputs).toMatchObject({ outcome: 'succeeded', 'rolled-back': 'false' });
      expect(tolerated.outputs['message']).toContain('max_failure_ratio tolerates');
      expect(imageOf(await desk.deployment())).toBe(webImage('1.1', 'local'));
    },
  },
];
