import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { countPods, type PodCounts } from '../../sandbox/desk/pod-counts.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { readLedger } from './ledger-book.ts';
import { deploy, type Inputs, rollBack, type Story, well } from './story.ts';

const OWN = { maxSurge: '50%', maxUnavailable: '25%' };

/** What a run showed of a Deployment's pods, at every moment. */
async function watched(desk: Desk, running: () => Promise<unknown>) {
  const counting = await countPods(desk.cluster.admin, desk.api, desk.namespace, 'web');
  try {
    await running();
    const sums = (counts: PodCounts, of: 'existing' | 'ready') =>
      Object.values(counts).reduce((sum, count) => sum + count[of], 0);
    const moments = await counting.take();
    return {
      most: Math.max(...moments.map((counts) => sums(counts, 'existing'))),
      fewestReady: Math.min(...moments.map((counts) => sums(counts, 'ready'))),
    };
  } finally {
    counting.close();
  }
}

async function installed(desk: Desk): Promise<void> {
  const strategy = { type: 'RollingUpdate', rollingUpdate: OWN };
  await desk.install({ image: webImage('1.0'), replicas: 4, spec: { strategy } });
}

async function expectOwn(desk: Desk): Promise<void> {
  const { spec } = await desk.deployment();
  expect(spec.strategy).toEqual({ type: 'RollingUpdate', rollingUpdate: OWN });
  expect(spec.minReadySeconds ?? 0).toBe(0);
  expect(await readLedger(desk)).not.toHaveProperty('loan');
}

/** As it stands in a docker-compose file. */
const COMPOSE: Inputs = {
  'update-config': `
deploy:
  update_config:
    parallelism: 2
    delay: 2s
    order: start-first
    monitor: 1s
    failure_action: rollback
  rollback_config:
    parallelism: 0
    order: stop-first`,
};

export const updateLimits: readonly Story[] = [
  {
    title: 'a pasted Compose block: two at a time, new ones first, with a delay; its own limits are back afterwards',
    tell: async (desk) => {
      await installed(desk);
      const { most, fewestReady } = await watched(desk, async () => {
        const { outputs, log } = await well(deploy(desk, '1.1', COMPOSE));
        expect(outputs['outcome']).toBe('succeeded');
        const { workloads } = JSON.parse(outputs['result'] ?? '');
        // Two groups, each waited for.
        expect(workloads[0].seconds).toBeGreaterThan(4);
        expect(log).toContain('delay: counts for each pod from when it is ready');
      });
      // One ReplicaSet may begin its next two before the other has told its last two to stop.
      expect(most).toBeLessThanOrEqual(8);
      expect(fewestReady).toBeGreaterThanOrEqual(4);
      await desk.answers('1.1');
      await expectOwn(desk);
    },
  },
  {
    title: 'one at a time, old ones first; a rollback all at once: never more missing than asked',
    tell: async (desk) => {
      await installed(desk);
      const slow = await watched(desk, () =>
        well(deploy(desk, '1.1', { 'update-config': 'parallelism: 1\norder: stop-first\nmonitor: 0s' })),
      );
      expect(slow.fewestReady).toBe(3);
      // A new pod can be there before the other ReplicaSet has told its old one to stop.
      expect(slow.most).toBeLessThanOrEqual(5);
      await expectOwn(desk);
      const fast = await watched(desk, () =>
        well(rollBack(desk, '', { 'rollback-config': 'parallelism: 0\norder: stop-first\nmonitor: 0s' })),
      );
      expect(fast.fewestReady).toBeLessThan(3);
      await desk.answers('1.0');
      await expectOwn(desk);
    },
  },
  {
    title: 'a slow update of a release that crashes: rolled back by one write that ends the slowness, too',
    tell: async (desk) => {
      await installed(desk);
      const { fewestReady } = await watched(desk, async () => {
        const { outputs } = await deploy(desk, '1.1', {
          images: `web=${webImage('1.1', 'crash')}`,
          'update-config': 'parallelism: 1\norder: start-first\ndelay: 30s\nmonitor: 0s',
        });
        expect(outputs).toMatchObject({ outcome: 'rolled-back', 'rolled-back-from': '1.1' });
      });
      expect(fewestReady).toBeGreaterThanOrEqual(4);
      await desk.answers('1.0');
      await expectOwn(desk);
    },
  },
];
