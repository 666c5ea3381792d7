import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { roll } from '../../src/operations/roll.ts';
import { eventually, isRolledOut } from '../sandbox/cluster/cluster-fixture.ts';
import {
  abort,
  type CanaryGround,
  canary,
  deploy,
  gateBlocking,
  OWN,
  openCanaryGround,
  openCheck,
  promotion,
  returned,
} from './canary-ground.ts';
import { request } from './shop.ts';

const ground: CanaryGround = await openCanaryGround();

afterAll(() => ground.close());
afterEach(() => ground.clear());

const CRASHES = { images: 'web=rollkey.test/web:1.2-crash' };

/** Two pods of 1.1, which nobody could verify. */
async function unverified(): Promise<void> {
  await ground.install('web', 2);
  expect(await roll(ground.ports, deploy('1.1', { checks: openCheck('inconclusive').checks }))).toMatchObject({
    reasonCode: 'check-inconclusive',
  });
  expect(ground.pods()).toEqual({ '1.1': 2 });
}

describe('a canary goes back to what it stands beside', () => {
  test('where that took over and was not verified', async () => {
    await ground.install('web', 2);
    await roll(ground.ports, canary('1.1'));
    const { given, checks } = openCheck('pass');
    const promoting = roll(ground.ports, promotion('all', { checks }));
    await promoting;
    given.now = 'inconclusive';
    await roll(ground.ports, deploy('1.1', { checks }));
    expect(await roll(ground.ports, canary('1.2'))).toMatchObject({ previousRelease: '1.1' });
    expect(await roll(ground.ports, abort())).toMatchObject({ outcome: 'aborted', release: '1.1' });
    expect([ground.pods(), await returned(ground)]).toEqual([{ '1.1': 2 }, true]);
  });

  test('and not to what was good before, by itself', async () => {
    await unverified();
    const result = await roll(ground.ports, canary('1.2', [{ pods: 1 }], CRASHES));
    expect(result).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.1' });
    expect([ground.pods(), await returned(ground)]).toEqual([{ '1.1': 2 }, true]);
  });

  test('at its promotion as well', async () => {
    await unverified();
    const { given, checks } = openCheck('pass', '1.2');
    await roll(ground.ports, canary('1.2', [{ pods: 1 }], { checks }));
    given.now = 'fail';
    expect(await roll(ground.ports, promotion('all', { checks }))).toMatchObject({ rolledBackTo: '1.1' });
    expect([ground.pods(), await returned(ground)]).toEqual([{ '1.1': 2 }, true]);
  });

  test('even where that is blocked: it never left', async () => {
    await ground.install('web', 2);
    await roll(ground.ports, deploy('1.1'));
    const ports = { ...ground.ports, gate: await gateBlocking('1.1') };
    expect(await roll(ports, canary('1.2', [{ pods: 1 }], CRASHES))).toMatchObject({ rolledBackTo: '1.1' });
    expect(ground.pods()).toEqual({ '1.1': 2 });
    for (const release of ['', '1.1']) {
      await roll(ports, canary('1.3'));
      expect(await roll(ports, request(release, { requested: 'rollback' }))).toMatchObject({ release: '1.1' });
      expect([ground.pods(), await returned(ground)]).toEqual([{ '1.1': 2 }, true]);
    }
  });

  test('also where its own release was good here before', async () => {
    await ground.install('web', 2);
    await roll(ground.ports, deploy('1.1'));
    await roll(ground.ports, deploy('1.2'));
    const { given, checks } = openCheck('pass');
    const held = await roll(ground.ports, canary('1.1', [{ pods: 1 }], { requested: 'deploy', checks }));
    expect(held.reasonCode).toBe('canary-held');
    given.now = 'fail';
    expect(await roll(ground.ports, promotion('all', { checks }))).toMatchObject({ outcome: 'rolled-back' });
    expect([ground.pods(), await returned(ground)]).toEqual([{ '1.2': 2 }, true]);
  });
});

describe('a canary that took over by other hands', () => {
  async function takenOver(): Promise<void> {
    await ground.install('web', 2);
    await roll(ground.ports, canary('1.1'));
    const { maxSurge, maxUnavailable, ...others } = OWN;
    const spec = { ...others, strategy: { rollingUpdate: { maxSurge, maxUnavailable } } };
    ground.cluster.objects.patch('deployments', 'shop', 'web', { spec });
    await eventually(() => isRolledOut(ground.cluster, 'web'));
  }

  test('is what the next one stands beside', async () => {
    await takenOver();
    expect(await roll(ground.ports, canary('1.2'))).toMatchObject({
      workloads: [{ canary: { from: '1.1', beside: 2 } }],
    });
    expect(await roll(ground.ports, abort())).toMatchObject({ outcome: 'aborted' });
    expect([ground.pods(), await returned(ground)]).toEqual([{ '1.1': 2 }, true]);
  });

  test('is not gone back from to what is not there any more', async () => {
    await takenOver();
    const crashes = deploy('1.3', { images: 'web=rollkey.test/web:1.3-crash' });
    expect(await roll(ground.ports, crashes)).toMatchObject({ outcome: 'rolled-back' });
    expect(await returned(ground)).toBe(true);
  });
});

test('what it stands beside, deployed over it and failing, is not gone back to', async () => {
  await ground.install('web', 2);
  await roll(ground.ports, deploy('1.1'));
  await roll(ground.ports, canary('1.2'));
  const { checks } = openCheck('fail');
  const result = await roll(ground.ports, deploy('1.1', { requested: 'deploy', checks }));
  expect(result).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.0' });
  expect([ground.pods(), await returned(ground)]).toEqual([{ '1.0': 2 }, true]);
});

test('a release that is let go and not complete yet gets no canary beside it', async () => {
  await ground.install('web', 2);
  await roll(ground.ports, canary('1.1'));
  const stop = new AbortController();
  const ports = { ...ground.ports, interrupt: stop.signal };
  const update = {
    failureAction: 'rollback',
    policy: { failFast: 'off', maxFailureRatio: 0, monitorMs: 60_000 },
  } as const;
  const promoting = roll(ports, promotion('all', { update }));
  await eventually(() => ground.pods()['1.1'] === 2 || undefined);
  stop.abort();
  expect((await promoting).outcome).toBe('cancelled');
  ground.cluster.objects.patch('deployments', 'shop', 'web', { spec: { replicas: 3, paused: true } });
  expect(await roll(ground.ports, canary('1.2'))).toMatchObject({ outcome: 'failed', changed: false });
  expect(ground.pods()).not.toHaveProperty('1.2');
});
