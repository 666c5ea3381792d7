import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { expectOneTruth, readLedger } from './ledger-book.ts';
import { roll, type Story, well } from './story.ts';

const names = ['web', 'api', 'jobs'];

async function installAll(desk: Desk): Promise<void> {
  await Promise.all(names.map((name) => desk.install({ name, image: webImage('0.9'), replicas: 1 })));
}

function rollAll(desk: Desk, release: string, inputs: Readonly<Record<string, string>> = {}) {
  const images = `web=${webImage(release)}`;
  return roll(desk, { deployment: names.join(', '), release, images, ...inputs });
}

export const train: readonly Story[] = [
  {
    title: 'a train of three: forward together and back together, at the same time',
    tell: async (desk) => {
      await installAll(desk);
      for (const release of ['1.0', '1.1']) {
        const { outputs, summary } = await well(rollAll(desk, release));
        expect(outputs).toMatchObject({ outcome: 'succeeded', mode: 'deploy', release });
        for (const name of names) expect(summary).toContain(`\`deployment/${name}\``);
        for (const name of names) await desk.answers(release, name);
      }
      const since = new Date();
      const { outputs } = await well(rollAll(desk, '1.0', { images: '', mode: 'rollback' }));
      const { workloads } = JSON.parse(outputs['result'] ?? '');
      expect(workloads).toHaveLength(3);
      for (const name of names) {
        await desk.answers('1.0', name);
        await expectOneTruth(desk, name);
        expect(workloads).toContainEqual(
          expect.objectContaining({ workload: `deployment/${name}`, outcome: 'succeeded', previousRelease: '1.1' }),
        );
      }
      const asked = (await desk.requestsSince(since))?.filter(({ path }) => path.includes('/deployments')) ?? [];
      const writes = asked.map(({ verb, query }) => (query.includes('dryRun') ? 'rehearse' : verb));
      // All are written before the first of them is watched to its end: nobody waits for another.
      expect(writes.lastIndexOf('rehearse')).toBeLessThan(asked.length === 0 ? 0 : writes.indexOf('patch'));
    },
  },
  {
    title: 'a train of which one is missing: nothing is touched',
    tell: async (desk) => {
      await desk.install({ image: webImage('0.9') });
      await desk.install({ name: 'api', image: webImage('0.9') });
      const before = await Promise.all([desk.deployment('web'), desk.deployment('api')]);
      const { exitCode, outputs, summary } = await rollAll(desk, '1.0');
      expect([exitCode, outputs['outcome'], outputs['reason-code']]).toEqual([1, 'failed', 'cluster-not-found']);
      expect(outputs['message']).toContain(`deployment ${desk.namespace}/jobs`);
      expect(outputs['message']).not.toContain('\n');
      expect(summary).toContain('Nothing was changed');
      const after = await Promise.all([desk.deployment('web'), desk.deployment('api')]);
      expect(after.map(({ metadata }) => metadata.generation)).toEqual(
        before.map(({ metadata }) => metadata.generation),
      );
      for (const name of names) expect(await readLedger(desk, name)).toBeUndefined();
    },
  },
  {
    title: 'a train of which one fails: all go back as one, and the one at fault is named',
    tell: async (desk) => {
      await installAll(desk);
      await well(rollAll(desk, '1.0'));
      await desk.byHand.patch('jobs', { spec: { progressDeadlineSeconds: 4 } });
      const images = [`web=${webImage('1.1')}`, `jobs/web=${webImage('1.1', 'unready')}`].join('\n');
      const { exitCode, outputs, summary } = await rollAll(desk, '1.1', { images });
      expect([exitCode, outputs['outcome']]).toEqual([1, 'rolled-back']);
      expect(outputs).toMatchObject({ 'rolled-back': 'true', 'rolled-back-from': '1.1', 'rolled-back-to': '1.0' });
      expect(outputs['message']).toContain('deployment/jobs');
      expect(outputs['message']).not.toContain('deployment/api');
      expect(summary).toMatch(/`deployment\/api` \| \*\*rolled-back/);
      for (const name of names) {
        await desk.answers('1.0', name);
        await expectOneTruth(desk, name);
      }
    },
  },
];
