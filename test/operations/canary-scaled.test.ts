import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import type { Pod, ReplicaSet } from '../../sandbox/cluster/model/workload-objects.ts';
import { roll } from '../../src/operations/roll.ts';
import type { RollPorts } from '../../src/operations/roll-workload.ts';
import { formatSummary } from '../../src/report/summary.ts';
import { createMemoryGate } from '../fakes/memory-gate.ts';
import { eventually } from '../sandbox/cluster/cluster-fixture.ts';
import { type CanaryGround, canary, openCanaryGround, returned } from './canary-ground.ts';

const ground: CanaryGround = await openCanaryGround();
const { objects } = ground.cluster;

afterAll(() => ground.close());
afterEach(() => ground.clear());

const isNew = ({ image }: { readonly image: string }) => image.includes('1.1');

/** Takes one pod of the canary away, and scales the Deployment while the next one starts. */
async function evictAndScale(replicas: number): Promise<void> {
  const evicted = objects.list<Pod>('pods', 'shop').find(({ spec }) => spec.containers.some(isNew));
  objects.delete('pods', 'shop', evicted?.metadata.name ?? '');
  const carrier = () =>
    objects.list<ReplicaSet>('replicaSets', 'shop').find(({ spec }) => spec.template.spec.containers.some(isNew));
  await eventually(() => carrier()?.status?.readyReplicas === 3 || undefined);
  setTimeout(() => objects.patch('deployments', 'shop', 'web', { spec: { replicas } }), 300);
}

/** What happens once, when the held canary is read for the first time. */
function atFirstLook(act: () => Promise<void>): RollPorts {
  const { cluster } = ground.ports;
  let done = false;
  const getWorkload: typeof cluster.getWorkload = async (ref) => {
    if (!done && ground.deployment().spec.paused === true) {
      done = true;
      await act();
    }
    return cluster.getWorkload(ref);
  };
  return { ...ground.ports, cluster: { ...cluster, getWorkload } };
}

describe('a canary of three that is scaled while it grows', () => {
  const grown = async (replicas: number) => {
    await ground.install('web', 10);
    const images = 'web=rollkey.test/web:1.1-slow';
    const wanted = canary('1.1', [{ pods: 3 }], { images, timeoutMs: 4_000, environment: 'production' });
    const ended = roll({ ...ground.ports, gate: createMemoryGate() }, wanted);
    const own = () => objects.list<Pod>('pods', 'shop').filter(({ spec }) => spec.containers.some(isNew));
    await eventually(() => own().length === 3 || undefined);
    objects.patch('deployments', 'shop', 'web', { spec: { replicas } });
    return ended;
  };

  test('is held with the pods that it can have by then', async () => {
    const result = await grown(2);
    expect(result).toMatchObject({ outcome: 'paused', reasonCode: 'canary-held', gate: { blocks: [] } });
    // How many old ones are left beside is the controller's affair, by counts that may be older than the scaling.
    expect([ground.pods()['1.1-slow'], ground.deployment().spec.paused]).toEqual([2, true]);
  });

  test('ends the run where it was scaled to 0: nothing is blocked, nor taken back', async () => {
    const result = await grown(0);
    expect(result).toMatchObject({
      ...{ outcome: 'failed', reasonCode: 'held-up', rolledBackTo: '', gate: { blocks: [] } },
      message: expect.stringContaining('1.1 is without a pod: scaling to 0 left its canary none while it grew'),
    });
    expect(await returned(ground)).toBe(false);
    const summary = formatSummary(result);
    expect(summary).toMatch(/^### Held up: the canary of release `1\.1` was scaled away/);
    expect(summary).not.toContain('forced-rollback');
  });
});

describe.each([
  ['a look', 3_000],
  ['the last look', 200],
])('a canary of four that lacks a pod and is scaled during %s', (_, holdMs) => {
  const held = (ports: RollPorts) => {
    const images = 'web=rollkey.test/web:1.1-slow';
    const wanted = canary('1.1', [{ pods: 4 }], { images, holdMs, timeoutMs: 4_000, environment: 'production' });
    return roll({ ...ports, gate: createMemoryGate() }, wanted);
  };

  test('is awaited with the pods that it has by then, and goes on', async () => {
    await ground.install('web', 10);
    const result = await held(atFirstLook(() => evictAndScale(5)));
    expect(result).toMatchObject({ outcome: 'succeeded', gate: { blocks: [] } });
    expect([ground.pods(), await returned(ground)]).toEqual([{ '1.1-slow': 5 }, true]);
  });

  test('ends the run where it was scaled to 0: nothing is blocked, nor let go on', async () => {
    await ground.install('web', 10);
    const result = await held(atFirstLook(() => evictAndScale(0)));
    expect(result).toMatchObject({
      ...{ outcome: 'failed', reasonCode: 'preflight-refused', gate: { blocks: [] } },
      message: expect.stringContaining('it was scaled to 0 while one was held; scale it up, or abort the canary'),
    });
    expect([ground.deployment().spec.paused, await returned(ground)]).toEqual([true, false]);
    const summary = formatSummary(result);
    expect(summary).toMatch(/^### Not let go on: release `1\.1` is still held as a canary/);
    expect(summary).toContain('uses: rollkey/rollkey/abort@');
  });
});
