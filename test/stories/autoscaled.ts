import { expect } from '@jest/globals';
import type { Desk } from '../../sandbox/desk/desk.ts';
import { eventually } from '../../sandbox/desk/eventually.ts';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import { abort, beginCanary, type CanaryDesk, expectReturned, held, openCanaryDesk, promote } from './canary-desk.ts';
import { imageOf, type Story, well } from './story.ts';

/** Thousandths of a processor that a pod asks for, and that it should use by the autoscaler's target. */
const [REQUESTED, WANTED] = [100, 50];
const container = { resources: { requests: { cpu: `${REQUESTED}m` } } };

const manifest = {
  ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'web' } },
  spec: {
    ...{ minReplicas: 2, maxReplicas: 12 },
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    metrics: [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: WANTED } } },
    ],
  },
};

/** The HorizontalPodAutoscaler of the cluster itself scales by the load of the pods, those of a canary as well. */
export const autoscaled: readonly Story[] = [
  {
    title:
      'an autoscaler scales a held canary up: both releases grow, promote ends with as many as it wants, and it goes on',
    only: 'bed',
    needsMachinery: true,
    tell: async (desk) => {
      const shop = await openAutoscaledDesk(desk);
      const { summary } = await held(beginCanary(desk, '1'));
      expect(summary).toContain(`HorizontalPodAutoscaler ${desk.namespace}/web may scale it from 2 to 12 pods`);
      await busyFor(desk, 8);
      // How many it wants depends on what it saw first: a pod that has just become ready counts as idle.
      const replicas = await eventually('more pods', async () => {
        const { spec } = await desk.deployment();
        return (spec.replicas ?? 0) >= 7 && (await desk.pods()).length === (spec.replicas ?? 0) + 1 && spec.replicas;
      });
      const { fewestOldReady, last } = await shop.counts();
      expect([fewestOldReady, last.old.existing + last.new.existing]).toEqual([4, replicas + 1]);
      expect(last.new.existing).toBeLessThan(last.old.existing);
      await well(promote(desk, { to: 'all' }));
      await expectReturned(desk, shop);
      // While pods are replaced those that are left are busier, so it may want one more.
      expect((await desk.deployment()).spec.replicas).toBeGreaterThanOrEqual(replicas);
      await desk.answers('1.1');
      await busyFor(desk, 12);
      await scaledTo(desk, 12);
      shop.close();
    },
  },
  {
    title: 'an autoscaler scales a held canary down: abort leaves as many as it wants, and it goes on',
    only: 'bed',
    needsMachinery: true,
    tell: async (desk) => {
      const atOnce = { scaleDown: { stabilizationWindowSeconds: 0 } };
      const shop = await openAutoscaledDesk(desk, atOnce);
      await held(beginCanary(desk, '2'));
      await busyFor(desk, 2);
      await scaledTo(desk, 2);
      await well(abort(desk));
      await expectReturned(desk, shop);
      expect([(await desk.deployment()).spec.replicas, imageOf(await desk.deployment())]).toEqual([2, webImage('1.0')]);
      await desk.answers('1.0');
      await busyFor(desk, 5);
      await scaledTo(desk, 5);
      shop.close();
    },
  },
];

/** Four pods, and an autoscaler that wants four. */
async function openAutoscaledDesk(desk: Desk, behavior: object = {}): Promise<CanaryDesk> {
  await busyFor(desk, 4);
  const shop = await openCanaryDesk(desk, 4, 'web', { container });
  await desk.apply({ ...manifest, spec: { ...manifest.spec, behavior } });
  await eventually('the first figures', async () => (await readScaling(desk)).status?.currentMetrics !== undefined, {
    timeoutMs: 60_000,
  });
  expect((await desk.deployment()).spec.replicas).toBe(4);
  return shop;
}

/** As much to do as so many pods are meant to. */
async function busyFor({ cluster, namespace }: Desk, pods: number): Promise<void> {
  await cluster.machinery?.load?.(namespace, (pods * REQUESTED * WANTED) / 100);
}

/** Waits for what the autoscaler, and nobody else, does. */
async function scaledTo(desk: Desk, replicas: number): Promise<void> {
  const scaled = async () => {
    const [{ spec }, { status }] = [await desk.deployment(), await readScaling(desk)];
    return spec.replicas === replicas && status?.desiredReplicas === replicas;
  };
  await eventually(`${replicas} replicas, as the autoscaler wants`, scaled, { timeoutMs: 60_000 });
}

function readScaling({ api, namespace }: Desk): Promise<Scaling> {
  return api.json({ path: `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/web` });
}

interface Scaling {
  readonly status?: { readonly desiredReplicas?: number; readonly currentMetrics?: unknown };
}
