import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { beginCanary, openCanaryDesk } from './canary-desk.ts';
import { FULL, without } from './least-rights.ts';
import { readLedger } from './ledger-book.ts';
import type { Inputs, Story } from './story.ts';

/** Where a canary cannot be what it promises. */
interface Obstacle {
  readonly title: string;
  /** Puts it in the way; returns inputs that go with it. */
  readonly put: (desk: Desk) => Promise<Inputs>;
  /** What the message says of it. */
  readonly says: RegExp;
}

const obstacles: readonly Obstacle[] = [
  {
    title: 'with the strategy Recreate',
    put: async (desk) => {
      await desk.byHand.patch('web', { spec: { strategy: { type: 'Recreate', rollingUpdate: null } } });
      return {};
    },
    says: /Recreate/,
  },
  {
    title: 'without replicas',
    put: async (desk) => {
      await desk.byHand.scale('web', 0);
      await desk.complete();
      return {};
    },
    says: /scaled to 0/,
  },
  {
    title: 'that somebody paused',
    put: async (desk) => {
      await desk.byHand.pause('web');
      return {};
    },
    says: /is paused.*kubectl rollout resume/,
  },
  {
    title: 'whose template would stay the same',
    put: async () => ({ release: '1.1', images: `web=${webImage('1.0')}` }),
    says: /same template/,
  },
  {
    title: 'whose rollout is not complete',
    put: async (desk) => {
      await desk.byHand.setImage('web', webImage('0.9', 'unready'));
      return {};
    },
    says: /not complete|incomplete/,
  },
  {
    title: 'whose ledger may not be written',
    put: async (desk) => ({
      kubeconfig: await desk.kubeconfigFor(without(FULL, 'configmaps create', 'configmaps update')),
    }),
    says: /add to its Role: .*configmaps/,
  },
];

/** A canary that cannot be exact is not begun: one clear line, and nothing is touched. */
export const canaryRefused: readonly Story[] = [
  ...obstacles.map(
    ({ title, put, says }): Story => ({
      title: `a canary of a workload ${title}: refused before anything is touched`,
      tell: async (desk) => {
        const shop = await openCanaryDesk(desk, 2);
        const inputs = await put(desk);
        const [before, ledger] = [await desk.deployment(), await readLedger(desk)];
        const { exitCode, outputs } = await beginCanary(desk, '1', inputs);
        expect([exitCode, outputs['outcome'], outputs['changed']]).toEqual([1, 'failed', 'false']);
        expect(outputs['message']).toMatch(says);
        expect(outputs['message']).toMatch(/^deployment[ /](\S+\/)?web: /);
        expect(outputs['message']).not.toContain('\n');
        expect((await desk.deployment()).spec).toEqual(before.spec);
        expect(await readLedger(desk)).toEqual(ledger);
        shop.close();
      },
    }),
  ),
  {
    title: 'sizes that are none: all that is wrong with them is said at once',
    tell: async (desk) => {
      const { exitCode, outputs } = await beginCanary(desk, '0, 101%, 50%, 1.5', { 'canary-hold': 'long' });
      expect([exitCode, outputs['reason-code']]).toEqual([1, 'invalid-input']);
      expect(outputs['message']).toContain('canary');
      expect(outputs['message']).toContain('canary-hold');
    },
  },
];
