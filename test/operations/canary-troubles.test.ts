import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import type { Pod } from '../../sandbox/cluster/model/workload-objects.ts';
import { ClusterError } from '../../src/errors.ts';
import { roll } from '../../src/operations/roll.ts';
import type { RollPorts } from '../../src/operations/roll-workload.ts';
import { createMemoryGate } from '../fakes/memory-gate.ts';
import { eventually } from '../sandbox/cluster/cluster-fixture.ts';
import {
  abort,
  type CanaryGround,
  canary,
  deploy,
  gateBlocking,
  openCanaryGround,
  openCheck,
  promotion,
  returned,
} from './canary-ground.ts';
import { refOf } from './shop.ts';

const ground: CanaryGround = await openCanaryGround();

afterAll(() => ground.close());
afterEach(() => ground.clear());

const CRASHES = { images: 'web=rollkey.test/web:1.1-crash' };

describe('a canary that fails', () => {
  test('is taken back by itself, and everything is back', async () => {
    await ground.install('web', 4);
    ground.patches();
    const result = await roll(ground.ports, canary('1.1', [{ pods: 2 }], CRASHES));
    expect(result).toMatchObject({ outcome: 'rolled-back', reasonCode: 'container-crashed', rolledBackTo: '1.0' });
    expect([ground.pods(), ground.patches(), await returned(ground)]).toEqual([{ '1.0': 4 }, 2, true]);
  });

  test('by its checks, too', async () => {
    await ground.install('web', 2);
    const { checks } = openCheck('fail');
    const result = await roll(ground.ports, canary('1.1', [{ pods: 1 }], { checks }));
    expect(result).toMatchObject({ outcome: 'rolled-back', reasonCode: 'check-failed' });
    expect([ground.pods(), await returned(ground)]).toEqual([{ '1.0': 2 }, true]);
  });

  test('when it is looked at once more, before it goes on', async () => {
    await ground.install('web', 2);
    const { checks, given } = openCheck('pass');
    expect(await roll(ground.ports, canary('1.1', [{ pods: 1 }], { checks }))).toMatchObject({ outcome: 'paused' });
    given.now = 'fail';
    ground.patches();
    const result = await roll(ground.ports, promotion('all', { checks }));
    expect(result).toMatchObject({ outcome: 'rolled-back', reasonCode: 'check-failed' });
    // The one patch is the way back.
    expect([ground.pods(), ground.patches(), await returned(ground)]).toEqual([{ '1.0': 2 }, 1, true]);
  });

  test('where a check cannot tell stays where it is, and is seen to again', async () => {
    await ground.install('web', 2);
    const unsure = openCheck('inconclusive');
    const result = await roll(ground.ports, canary('1.1', [{ pods: 1 }], { checks: unsure.checks }));
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'check-inconclusive' });
    expect([ground.pods(), ground.deployment().spec.paused]).toEqual([{ '1.0': 2, '1.1': 1 }, true]);
    expect(await roll(ground.ports, promotion())).toMatchObject({ reasonCode: 'canary-held' });
    expect(ground.pods()).toEqual({ '1.0': 2, '1.1': 1 });
    expect(await roll(ground.ports, promotion())).toMatchObject({ outcome: 'succeeded' });
  });

  test.each(['pause', 'continue'] as const)(
    'with failure_action %s stays held back, and can be aborted',
    async (failureAction) => {
      await ground.install('web', 2);
      const update = { failureAction, policy: { failFast: 'strict', maxFailureRatio: 0, monitorMs: 0 } } as const;
      const result = await roll(ground.ports, canary('1.1', [{ pods: 1 }], { ...CRASHES, update, timeoutMs: 2_000 }));
      expect(result.outcome).toBe(failureAction === 'pause' ? 'paused' : 'timed-out');
      expect(result.reasonCode).not.toBe('canary-held');
      expect(ground.pods()).toEqual({ '1.0': 2 });
      expect(await roll(ground.ports, abort())).toMatchObject({ outcome: 'aborted' });
      expect([ground.pods(), await returned(ground)]).toEqual([{ '1.0': 2 }, true]);
    },
  );
});

describe('a train', () => {
  const refs = ['web', 'api'];

  test('is held together, goes on together, and is taken back together', async () => {
    for (const name of refs) await ground.install(name, 2);
    expect(await roll(ground.ports, canary('1.1', [{ pods: 1 }], { refs }))).toMatchObject({ outcome: 'paused' });
    for (const name of refs) expect(ground.pods(name)).toEqual({ '1.0': 2, '1.1': 1 });
    expect(await roll(ground.ports, abort({ refs }))).toMatchObject({ outcome: 'aborted' });
    await roll(ground.ports, canary('1.2', [{ pods: 1 }], { refs }));
    expect(await roll(ground.ports, promotion('next', { refs }))).toMatchObject({ outcome: 'succeeded' });
    for (const name of refs) expect([ground.pods(name), await returned(ground, name)]).toEqual([{ '1.2': 2 }, true]);
  });

  test('of which one fails goes back as a whole', async () => {
    for (const name of refs) await ground.install(name, 2);
    const images = 'web/web=rollkey.test/web:1.1\napi/web=rollkey.test/web:1.1-crash';
    const result = await roll(ground.ports, canary('1.1', [{ pods: 1 }], { refs, images }));
    expect(result).toMatchObject({ outcome: 'rolled-back', reasonCode: 'container-crashed' });
    for (const name of refs) expect([ground.pods(name), await returned(ground, name)]).toEqual([{ '1.0': 2 }, true]);
  });

  test('of which one was held and one was not begun reaches the size before any goes on', async () => {
    for (const name of refs) await ground.install(name, 2);
    await roll(ground.ports, canary('1.1', [{ pods: 1 }]));
    expect(await roll(ground.ports, canary('1.1', [{ pods: 1 }], { refs }))).toMatchObject({
      reasonCode: 'canary-held',
    });
    for (const name of refs) expect(ground.pods(name)).toEqual({ '1.0': 2, '1.1': 1 });
  });

  test('is taken back where one has been already', async () => {
    for (const name of refs) await ground.install(name, 2);
    await roll(ground.ports, canary('1.1', [{ pods: 1 }], { refs }));
    await roll(ground.ports, abort());
    expect(await roll(ground.ports, abort({ refs }))).toMatchObject({ outcome: 'aborted', release: '1.0' });
    for (const name of refs) expect([ground.pods(name), await returned(ground, name)]).toEqual([{ '1.0': 2 }, true]);
  });
});

test('a pause that cannot be written is told, and the canary is held all the same', async () => {
  await ground.install('web', 2);
  const { cluster } = ground.ports;
  let [patches, away] = [0, false];
  const refusing: typeof cluster = {
    ...cluster,
    patchWorkload: async (...given) => {
      if (!given[2]?.dryRun) patches += 1;
      away = patches === 2;
      if (away) throw new ClusterError('conflict', 'somebody else changed it');
      return cluster.patchWorkload(...given);
    },
    getWorkload: (ref) =>
      away ? Promise.reject(new ClusterError('unreachable', 'connection refused')) : cluster.getWorkload(ref),
  };
  const result = await roll({ ...ground.ports, cluster: refusing }, canary('1.1'));
  expect(result).toMatchObject({ outcome: 'paused', reasonCode: 'canary-held', changed: true });
  expect(result.workloads[0]?.warnings).toEqual([expect.stringContaining('it is not paused: connection refused')]);
  expect(ground.pods()).toEqual({ '1.0': 2, '1.1': 1 });
});

test('a template that somebody sets before the pause is theirs', async () => {
  await ground.install('web', 2);
  const { cluster } = ground.ports;
  let patches = 0;
  const outrun: typeof cluster = {
    ...cluster,
    patchWorkload: async (...given) => {
      if (!given[2]?.dryRun) patches += 1;
      const containers = [{ name: 'web', image: 'rollkey.test/web:9.9' }];
      if (patches === 2)
        ground.cluster.objects.patch('deployments', 'shop', 'web', { spec: { template: { spec: { containers } } } });
      return cluster.patchWorkload(...given);
    },
  };
  expect(await roll({ ...ground.ports, cluster: outrun }, canary('1.1'))).toMatchObject({ outcome: 'superseded' });
});

test('a canary that was cut off is watched through its window before it takes over', async () => {
  await ground.install('web', 2);
  const update = {
    failureAction: 'rollback',
    policy: { failFast: 'strict', maxFailureRatio: 0, monitorMs: 1_000 },
  } as const;
  const stop = new AbortController();
  const running = roll({ ...ground.ports, interrupt: stop.signal }, canary('1.1', [{ pods: 1 }], { update }));
  await eventually(() => ground.pods()['1.1']);
  stop.abort();
  expect((await running).outcome).toBe('cancelled');
  ground.patches();
  const promoting = roll(ground.ports, promotion('all', { update }));
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(ground.patches()).toBe(0);
  expect((await promoting).outcome).toBe('succeeded');
});

test('a canary that is not ready any more when it is to go on is taken back', async () => {
  await ground.install('web', 2);
  await roll(ground.ports, canary('1.7'));
  const [pod] = ground.cluster.objects
    .list<Pod>('pods', 'shop')
    .filter(({ spec }) => spec.containers[0]?.image === 'rollkey.test/web:1.7');
  ground.cluster.images.set('rollkey.test/web:1.7', { behaviour: { does: 'never-ready' } });
  ground.cluster.objects.delete('pods', 'shop', pod?.metadata.name ?? '');
  expect(await roll(ground.ports, promotion('all', { timeoutMs: 1_000 }))).toMatchObject({
    ...{ outcome: 'rolled-back', reasonCode: 'timeout' },
  });
  expect([ground.pods(), await returned(ground)]).toEqual([{ '1.0': 2 }, true]);
});

test('a held canary whose pod finds no node for a while, as one is drained, goes on', async () => {
  await ground.install('web', 2);
  expect(await roll(ground.ports, canary('1.1'))).toMatchObject({ outcome: 'paused' });
  const own = () =>
    ground.cluster.objects
      .list<Pod>('pods', 'shop')
      .find(({ spec }) => spec.containers[0]?.image === 'rollkey.test/web:1.1');
  cordon(true);
  ground.cluster.objects.delete('pods', 'shop', own()?.metadata.name ?? '');
  await eventually(() => own()?.status.phase === 'Pending' || undefined);
  const policy = { failFast: 'strict', maxFailureRatio: 0, monitorMs: 0 } as const;
  const update = { failureAction: 'rollback', policy } as const;
  const promoting = roll(hurried(100), promotion('all', { update }));
  // Ninety seconds of the run's.
  await new Promise((resolve) => setTimeout(resolve, 900));
  cordon(false);
  expect(await promoting).toMatchObject({ outcome: 'succeeded' });
  expect([ground.pods(), await returned(ground)]).toEqual([{ '1.1': 2 }, true]);
});

function cordon(unschedulable: boolean): void {
  for (const { metadata } of ground.cluster.objects.list('nodes'))
    ground.cluster.objects.patch('nodes', '', metadata.name, { spec: { unschedulable } });
}

/** For the run, so many times as much time goes by. */
function hurried(rate: number): RollPorts {
  const { clock } = ground.ports;
  const begin = clock.now();
  const now = () => begin + (clock.now() - begin) * rate;
  return { ...ground.ports, clock: { ...clock, now, sleep: (ms, signal) => clock.sleep(ms / rate, signal) } };
}

test('a canary that crashed while it was held is taken back, though it is ready again by now', async () => {
  await ground.install('web', 2);
  const behaviour = { does: 'exit', exitCode: 1, servesMs: 2_000, times: 1 } as const;
  ground.cluster.images.set('rollkey.test/web:1.8', { behaviour });
  expect(await roll(ground.ports, canary('1.8'))).toMatchObject({ reasonCode: 'canary-held' });
  const runsAgain = () =>
    ground.cluster.objects
      .list<Pod>('pods', 'shop')
      .some(({ status }) => status.containerStatuses?.some(({ restartCount, ready }) => restartCount > 0 && ready));
  await eventually(() => runsAgain() || undefined);
  const result = await roll(ground.ports, promotion('all'));
  expect(result).toMatchObject({ outcome: 'rolled-back', reasonCode: 'container-crashed' });
  expect(result.message).toContain('crashed while it was held: container web exits 1, 1 restart');
  expect([ground.pods(), await returned(ground)]).toEqual([{ '1.0': 2 }, true]);
});

test('a note of a canary that is gone does not come back to life with its bits', async () => {
  await ground.install('web', 2);
  await roll(ground.ports, canary('1.1'));
  const { ledger } = await ground.ledgers.read(refOf('web'));
  await roll(ground.ports, abort());
  const now = await ground.ledgers.read(refOf('web'));
  const { canary: gone } = ledger;
  await ground.ledgers.write(refOf('web'), { ...now.ledger, ...(gone && { canary: gone }) }, now.version);
  const stop = new AbortController();
  const running = roll({ ...ground.ports, interrupt: stop.signal }, deploy('1.1', { requested: 'deploy' }));
  stop.abort();
  await running;
  await roll(ground.ports, deploy('1.1', { requested: 'deploy' }));
  expect([ground.pods(), await returned(ground)]).toEqual([{ '1.1': 2 }, true]);
});

test('a cancelled run leaves the canary held back, and the next one carries on', async () => {
  await ground.install('web', 4);
  const stop = new AbortController();
  const ports = { ...ground.ports, interrupt: stop.signal };
  const unready = { images: 'web=rollkey.test/web:1.1-unready' };
  const running = roll(ports, canary('1.1', [{ pods: 1 }], unready));
  const isThere = (pod: Pod) => pod.spec.containers[0]?.image === 'rollkey.test/web:1.1-unready';
  await eventually(() => ground.cluster.objects.list<Pod>('pods', 'shop').some(isThere) || undefined);
  stop.abort();
  const result = await running;
  expect(result).toMatchObject({
    outcome: 'cancelled',
    message: expect.stringContaining('does not grow beyond 1 pod'),
  });
  expect(result.workloads[0]?.canary).toMatchObject({ from: '1.0', pods: 0, beside: 4 });
  const { ledger } = await ground.ledgers.read(refOf('web'));
  expect([ledger.canary?.heldSince, ground.pods()]).toEqual([undefined, { '1.0': 4 }]);
  expect(await roll(ground.ports, abort())).toMatchObject({ outcome: 'aborted' });
  expect(await returned(ground)).toBe(true);
});

test('a canary that somebody takes back while it is held is left alone', async () => {
  await ground.install('web', 2);
  const running = roll(ground.ports, canary('1.1', [{ pods: 1 }], { holdMs: 700 }));
  await eventually(() => ground.deployment().spec.paused || undefined);
  expect(await roll(ground.ports, abort())).toMatchObject({ outcome: 'aborted' });
  ground.patches();
  expect(await running).toMatchObject({ outcome: 'superseded', changed: true });
  expect([ground.pods(), ground.patches(), await returned(ground)]).toEqual([{ '1.0': 2 }, 0, true]);
});

test('without a ledger there is no canary, and nothing is touched', async () => {
  await ground.install('web', 2);
  ground.patches();
  const forbidden = new ClusterError(
    'forbidden',
    'configmap shop/rollkey.deployment.web: forbidden to get; add to its Role: x',
  );
  const ledgers = { read: () => Promise.reject(forbidden), write: () => Promise.reject(forbidden) };
  const result = await roll({ ...ground.ports, ledgers }, canary('1.1'));
  expect(result).toMatchObject({
    ...{ outcome: 'failed', reasonCode: 'preflight-refused', changed: false },
    message: expect.stringContaining('add to its Role'),
  });
  const readOnly = { ...ground.ledgers, write: () => Promise.reject(forbidden) };
  expect(await roll({ ...ground.ports, ledgers: readOnly }, canary('1.1'))).toMatchObject({
    outcome: 'failed',
    changed: false,
  });
  expect([ground.patches(), ground.pods()]).toEqual([0, { '1.0': 2 }]);
});

test('what is not complete gets no canary', async () => {
  await ground.install('web', 2);
  ground.cluster.objects.patch('deployments', 'shop', 'web', {
    spec: { template: { spec: { containers: [{ name: 'web', image: 'rollkey.test/web:9-unready' }] } } },
  });
  expect(await roll(ground.ports, canary('1.1'))).toMatchObject({
    message: expect.stringContaining('is not complete; wait until it is'),
  });
});

test('the gate is asked before each stage, and an abort is not stopped by it', async () => {
  await ground.install('web', 2);
  const open = createMemoryGate();
  const environment = 'production';
  expect(await roll({ ...ground.ports, gate: open }, canary('1.1', [{ pods: 1 }], { environment }))).toMatchObject({
    reasonCode: 'canary-held',
  });
  const ports = { ...ground.ports, gate: await gateBlocking('1.0', '1.1') };
  ground.patches();
  expect(await roll(ports, promotion('all', { environment }))).toMatchObject({
    outcome: 'blocked',
    message: expect.stringContaining('it is still held as a canary on deployment/web (abort/ takes it back)'),
    workloads: [{ canary: { from: '1.0', pods: 1, beside: 2 } }],
  });
  expect([ground.patches(), ground.pods()]).toEqual([0, { '1.0': 2, '1.1': 1 }]);
  expect(await roll(ports, abort({ environment }))).toMatchObject({ outcome: 'aborted' });
  expect([ground.pods(), await returned(ground)]).toEqual([{ '1.0': 2 }, true]);
});
