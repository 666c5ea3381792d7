import { describe, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { roll } from '../../src/operations/roll.ts';
import type { TrainRequest } from '../../src/operations/train-request.ts';
import type { ReplicaSet } from '../../src/rollout/objects.ts';
import { CRASHING, openShop, POLICY, request, type Shop } from './shop.ts';

const PAUSE = { failureAction: 'pause', policy: POLICY } as const;

/** A shop in which 1.1 crashes: one pod of it beside those of 1.0. */
function openBrokenShop(): Shop {
  const shop = openShop();
  shop.cluster.broken.set('web:1.1', CRASHING);
  return shop;
}

/** The same, with these sizes of the ReplicaSets as they are listed once it is paused. */
function withSizes(shop: Shop, sizes: Readonly<Record<string, number>>): Shop {
  const listRevisions: Shop['cluster']['listRevisions'] = async (...asked) => {
    const { items, ...list } = await shop.cluster.listRevisions(...asked);
    return { ...list, items: shop.cluster.deployment('web').spec.paused ? items.map(sized) : items };
  };
  const sized = ({ spec, ...set }: ReplicaSet): ReplicaSet => {
    const image = spec.template.spec.containers[0]?.image ?? '';
    const [replicas, ready] = [sizes[image] ?? 0, image === 'web:1.1' ? 0 : (sizes[image] ?? 0)];
    return { ...set, spec: { ...spec, replicas }, status: { replicas, readyReplicas: ready } };
  };
  return { ...shop, cluster: { ...shop.cluster, listRevisions } };
}

async function deploy(shop: Shop, more: Partial<Omit<TrainRequest, 'images' | 'refs'>> = {}) {
  const rolling = roll(shop, request('1.1', { images: 'app=web:1.1', update: PAUSE, ...more }));
  rolling.catch(() => {});
  for (let count = 0; count < 30; count++) await shop.clock.advance(1_000);
  return rolling;
}

describe('failure_action: pause', () => {
  test('tells how many pods run which release, and how to go on or back', async () => {
    const result = await deploy(withSizes(openBrokenShop(), { 'web:1.0': 2, 'web:1.1': 1 }));
    expect(result).toMatchObject({ outcome: 'paused', reasonCode: 'container-crashed' });
    expect(result.workloads[0]?.runs).toEqual([
      { release: '1.1', pods: 1, ready: 0 },
      { release: '1.0', pods: 2, ready: 2 },
    ]);
    expect(result.message).toMatch(
      /; paused: 1 pod runs 1\.1 \(0 ready\), 2 pods run 1\.0 \(2 ready\); to go on, run 1\.1 again, or kubectl rollout resume -n shop deployment\/web; to go back, run with mode: rollback$/,
    );
    expect(result.workloads[0]?.warnings).toEqual([]);
  });

  test.each([
    [{ 'web:1.0': 2, 'web:1.1': 2 }, /^although it is paused, .* as soon as all of 1\.1 are available$/],
    [{ 'web:1.1': 1 }, /^although it is paused, Kubernetes brings the one release that has pods to 2 of them$/],
  ])('%j: says what a pause does not stop', async (sizes, warning) => {
    const { workloads } = await deploy(withSizes(openBrokenShop(), sizes));
    expect(workloads[0]?.warnings).toEqual([expect.stringMatching(warning)]);
  });

  test('changes no limit while it is paused, and says that these stay lent', async () => {
    const shop = openBrokenShop();
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } };
    shop.cluster.change('web', (deployment) => ({ ...deployment, spec: { ...deployment.spec, strategy } }));
    const result = await deploy(shop, { limits: { order: 'start-first', parallelism: 1 } });
    expect(result.workloads[0]?.warnings).toContain(
      'maxSurge, maxUnavailable stay as update-config set them while it is paused; the next run gives them back',
    );
    expect(shop.cluster.deployment('web').spec).toMatchObject({
      paused: true,
      strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    });
    expect(shop.ledgers.ledger('web').loan).toBeDefined();
  });

  test('is tried again where somebody scales meanwhile', async () => {
    const shop = openBrokenShop();
    let scaled = 0;
    const patchWorkload: Shop['cluster']['patchWorkload'] = (ref, patch, options) => {
      const pauses = patch.some(({ path, value }) => path === '/spec/paused' && value === true);
      if (pauses && scaled++ < 2) {
        const replicas = 2 + scaled;
        shop.cluster.change('web', (deployment) => ({ ...deployment, spec: { ...deployment.spec, replicas } }));
      }
      return shop.cluster.patchWorkload(ref, patch, options);
    };
    const result = await deploy({ ...shop, cluster: { ...shop.cluster, patchWorkload } });
    expect(result.outcome).toBe('paused');
    expect(shop.cluster.deployment('web').spec).toMatchObject({ paused: true, replicas: 4 });
  });

  test('that is refused leaves it failed, and says why', async () => {
    const shop = openBrokenShop();
    const patchWorkload: Shop['cluster']['patchWorkload'] = (ref, patch, options) =>
      patch.some(({ path }) => path === '/spec/template')
        ? shop.cluster.patchWorkload(ref, patch, options)
        : Promise.reject(new ClusterError('forbidden', 'deployment shop/web: forbidden to patch'));
    const result = await deploy({ ...shop, cluster: { ...shop.cluster, patchWorkload } });
    expect(result.outcome).toBe('failed');
    expect(result.message).toMatch(/; it could not be paused: deployment shop\/web: forbidden to patch$/);
  });

  test('that nobody can look at afterwards is a pause all the same', async () => {
    const shop = openBrokenShop();
    const listRevisions: Shop['cluster']['listRevisions'] = async (...asked) => {
      if (shop.cluster.deployment('web').spec.paused) throw new ClusterError('unreachable', 'no answer');
      return shop.cluster.listRevisions(...asked);
    };
    const result = await deploy({ ...shop, cluster: { ...shop.cluster, listRevisions } });
    expect(result.outcome).toBe('paused');
    expect(result.message).toMatch(/; paused where it is; to go on, run 1\.1 again/);
  });
});
