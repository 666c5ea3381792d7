import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { installSet } from './kinds-desk.ts';
import { type Inputs, roll, type Story, well } from './story.ts';

const TRAIN = 'web, statefulset/db, daemonset/agent';
const NAMES = ['web', 'db', 'agent'];

async function installAll(desk: Desk): Promise<void> {
  const annotations = { 'kubernetes.io/change-cause': '1.0' };
  await Promise.all([
    desk.install({ image: webImage('1.0'), annotations }),
    installSet(desk, 'statefulset', webImage('1.0'), { replicas: 2 }),
    installSet(desk, 'daemonset', webImage('1.0')),
  ]);
}

function rollAll(desk: Desk, inputs: Inputs) {
  return roll(desk, { deployment: TRAIN, 'forced-rollback': 'true', ...inputs });
}

export const kindsTrain: readonly Story[] = [
  {
    title: 'a train of all kinds: forward together, and back together by name',
    tell: async (desk) => {
      await installAll(desk);
      const forward = await well(rollAll(desk, { release: '1.1', images: `web=${webImage('1.1')}` }));
      expect(forward.outputs).toMatchObject({ outcome: 'succeeded', mode: 'deploy', release: '1.1' });
      for (const shown of ['deployment/web', 'statefulset/db', 'daemonset/agent'])
        expect(forward.summary).toContain(`\`${shown}\``);
      for (const name of NAMES) await desk.answers('1.1', name);

      const { outputs } = await well(rollAll(desk, { release: '', mode: 'rollback' }));
      expect(outputs).toMatchObject({ outcome: 'succeeded', mode: 'rollback', release: '1.0' });
      for (const name of NAMES) await desk.answers('1.0', name);
    },
  },
  {
    title: 'a train of all kinds of which one fails: all go back as one',
    tell: async (desk) => {
      await installAll(desk);
      const images = [`web=${webImage('1.1')}`, `db/web=${webImage('1.1', 'crash')}`].join('\n');
      const { exitCode, outputs, summary } = await rollAll(desk, { release: '1.1', images, 'fail-fast': 'strict' });
      expect([exitCode, outputs['outcome'], outputs['rolled-back-to']]).toEqual([1, 'rolled-back', '1.0']);
      expect(outputs['message']).toContain('statefulset/db');
      for (const shown of ['deployment/web', 'daemonset/agent'])
        expect(summary).toMatch(new RegExp(`\`${shown}\` \\| \\*\\*rolled-back`));
      for (const name of NAMES) await desk.answers('1.0', name);
    },
  },
];
