import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createCanaryByHand } from '../../../sandbox/desk/canary-by-hand.ts';
import { canaryCounts } from '../../../sandbox/desk/canary-counts.ts';
import { type Desk, openDesk } from '../../../sandbox/desk/desk.ts';
import { startEmbeddedTestCluster } from '../../../sandbox/desk/embedded-test-cluster.ts';
import { countPods } from '../../../sandbox/desk/pod-counts.ts';
import { webImage } from '../../../sandbox/desk/test-cluster.ts';

const cluster = await startEmbeddedTestCluster();

afterAll(cluster.stop);

/** What is done to ten healthy pods of 1.0, each of them replaced as Kubernetes does where nobody says how. */
async function counted(act: (desk: Desk) => Promise<unknown>) {
  const desk = await openDesk(cluster, 'counts');
  try {
    await desk.install({ replicas: 10, spec: { strategy: { type: 'RollingUpdate' } } });
    const [old = ''] = (await desk.replicaSets()).map(({ metadata }) => metadata.labels?.['pod-template-hash']);
    const counting = await countPods(cluster.admin, desk.api, desk.namespace, 'web');
    await act(desk);
    const counts = canaryCounts(await counting.take(), old);
    counting.close();
    return counts;
  } finally {
    await desk.close();
  }
}

describe('counts of pods', () => {
  test('of nothing that happens: one moment', async () => {
    const old = { existing: 10, ready: 10, terminating: 0 };
    const fresh = { existing: 0, ready: 0, terminating: 0 };
    const counts = await counted(async () => {});
    expect(counts).toEqual({ moments: 1, mostNew: 0, fewestOldReady: 10, last: { old, new: fresh } });
  });

  test('of a canary by its patches: never more new pods, never fewer old ones', async () => {
    const counts = await counted(async (desk) => {
      const canary = createCanaryByHand(desk.api, desk.namespace);
      await canary.begin('web', webImage('1.1'), 3);
      await pause(100);
      await canary.hold('web');
      await pause(50);
    });
    expect(counts).toMatchObject({ mostNew: 3, fewestOldReady: 10, last: { new: { existing: 3, ready: 3 } } });
  });

  test('of kubectl set image and a pause that comes somewhat later: more than that many, and fewer', async () => {
    const counts = await counted(async (desk) => {
      await desk.byHand.setImage('web', webImage('1.1'));
      await pause(20);
      await desk.byHand.pause('web');
      await pause(50);
    });
    expect(counts.mostNew).toBeGreaterThan(3);
    expect(counts.fewestOldReady).toBeLessThan(10);
  });

  test('of a whole rollout: what leaves is seen on its way', async () => {
    const counts = await counted(async (desk) => {
      await desk.byHand.setImage('web', webImage('1.1'));
      await desk.complete();
    });
    expect(counts).toMatchObject({ mostNew: 10, fewestOldReady: 0, last: { new: { ready: 10 } } });
    expect(counts.moments).toBeGreaterThan(60);
  });
});
