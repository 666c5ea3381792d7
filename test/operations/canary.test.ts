import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { history } from '../../src/operations/history.ts';
import { roll } from '../../src/operations/roll.ts';
import type { CanarySize } from '../../src/release/canary.ts';
import { fieldsOf } from '../../src/rollout/loan.ts';
import { abort, type CanaryGround, canary, OWN, openCanaryGround, promotion, returned } from './canary-ground.ts';
import { refOf, request } from './shop.ts';

const ground: CanaryGround = await openCanaryGround();
const STEPS: readonly CanarySize[] = [{ pods: 1 }, { percent: 25 }, { percent: 50 }];

afterAll(() => ground.close());
afterEach(() => ground.clear());

async function heldCanary(replicas = 4, sizes: readonly CanarySize[] = [{ pods: 1 }]) {
  await ground.install('web', replicas);
  const result = await roll(ground.ports, canary('1.1', sizes));
  expect(result).toMatchObject({ outcome: 'paused', reasonCode: 'canary-held' });
  ground.patches();
  return result;
}

describe('a canary', () => {
  test.each<readonly [number, CanarySize, number]>([
    [1, { pods: 1 }, 1],
    [2, { percent: 50 }, 1],
    [4, { percent: 100 }, 4],
    [10, { percent: 25 }, 3],
  ])('of %i replicas, %j: %i beside all old ones', async (replicas, size, pods) => {
    await ground.install('web', replicas);
    ground.patches();
    const result = await roll(ground.ports, canary('1.1', [size]));
    expect(result).toMatchObject({
      outcome: 'paused',
      reasonCode: 'canary-held',
      changed: true,
      previousRelease: '1.0',
    });
    expect(result.workloads[0]?.canary).toEqual({ from: '1.0', pods, beside: replicas, size: expect.any(String) });
    expect(ground.pods()).toEqual({ '1.0': replicas, '1.1': pods });
    // The template with its gate, and the pause.
    expect(ground.patches()).toBe(2);
    expect(ground.deployment().spec.paused).toBe(true);
    const { ledger } = await ground.ledgers.read(refOf('web'));
    expect(ledger).toMatchObject({
      canary: { release: '1.1', from: '1.0', step: 0, heldSince: expect.any(String) },
      loan: { own: OWN },
    });
    expect(ledger.entries.find(({ release }) => release === '1.1')).not.toHaveProperty('verifiedAt');
  });

  test('goes through its sizes, one patch and one pause each, and takes over with what was its own', async () => {
    await heldCanary(10, STEPS);
    expect(await roll(ground.ports, promotion())).toMatchObject({ outcome: 'paused', release: '1.1' });
    expect([ground.pods(), ground.patches()]).toEqual([{ '1.0': 10, '1.1': 3 }, 2]);
    // The same release again goes on as well.
    expect(await roll(ground.ports, canary('1.1', STEPS))).toMatchObject({ outcome: 'paused', previousRelease: '1.0' });
    expect([ground.pods(), ground.patches()]).toEqual([{ '1.0': 10, '1.1': 5 }, 2]);
    const last = await roll(ground.ports, promotion());
    expect(last).toMatchObject({ outcome: 'succeeded', release: '1.1', previousRelease: '1.0' });
    expect([ground.pods(), ground.patches()]).toEqual([{ '1.1': 10 }, 1]);
    expect(await returned(ground)).toBe(true);
    expect((await ground.ledgers.read(refOf('web'))).ledger.entries.at(-1)).toHaveProperty('verifiedAt');
  });

  test('may skip what is left', async () => {
    await heldCanary(4, STEPS);
    expect(await roll(ground.ports, promotion('all'))).toMatchObject({ outcome: 'succeeded', changed: true });
    expect([ground.pods(), ground.patches(), await returned(ground)]).toEqual([{ '1.1': 4 }, 1, true]);
  });

  test('passes over a size that brings no pod', async () => {
    const held = await heldCanary(2, [{ pods: 1 }, { percent: 50 }]);
    expect(held.message).toContain('promote/ lets it go on to all pods');
    expect(await roll(ground.ports, promotion())).toMatchObject({ outcome: 'succeeded' });
  });

  test('goes on by itself after its hold', async () => {
    await ground.install('web', 2);
    const result = await roll(ground.ports, canary('1.1', [{ pods: 1 }, { pods: 2 }], { holdMs: 50 }));
    expect(result).toMatchObject({
      outcome: 'succeeded',
      previousRelease: '1.0',
      changed: true,
      versionChange: 'minor',
    });
    expect(result.workloads[0]?.timeline.filter(({ text }) => text === 'held')).toHaveLength(2);
    expect(await returned(ground)).toBe(true);
  });

  test('is taken back in one patch', async () => {
    await heldCanary(4);
    const result = await roll(ground.ports, abort());
    expect(result).toMatchObject({
      outcome: 'aborted',
      reasonCode: 'canary-aborted',
      release: '1.0',
      previousRelease: '1.1',
    });
    expect([ground.pods(), ground.patches(), await returned(ground)]).toEqual([{ '1.0': 4 }, 1, true]);
    expect((await ground.ledgers.read(refOf('web'))).ledger.entries.at(-1)).toHaveProperty('rolledBackAt');
  });

  test('is left by a rollback, with a name and without', async () => {
    for (const release of ['', '1.0']) {
      await heldCanary(2);
      expect(await roll(ground.ports, request(release, { requested: 'rollback' }))).toMatchObject({
        outcome: 'succeeded',
        modeReason: '1.1 is held as a canary beside 1.0, and is taken back',
        workloads: [{ leavesCanary: true }],
      });
      expect([ground.pods(), ground.patches(), await returned(ground)]).toEqual([{ '1.0': 2 }, 1, true]);
      ground.clear();
    }
  });

  test('gives way to another one, and to another release, in one patch', async () => {
    await heldCanary(4);
    expect(await roll(ground.ports, canary('1.2', [{ pods: 2 }]))).toMatchObject({ reasonCode: 'canary-held' });
    expect([ground.pods(), ground.patches()]).toEqual([{ '1.0': 4, '1.2': 2 }, 2]);
    expect((await ground.ledgers.read(refOf('web'))).ledger.canary).toMatchObject({ release: '1.2', from: '1.0' });
    const over = request('1.3', { images: 'web=rollkey.test/web:1.3' });
    // The way back is to what all pods were of.
    expect(await roll(ground.ports, over)).toMatchObject({
      outcome: 'succeeded',
      previousRelease: '1.0',
      message: expect.stringMatching(/1\.3 is deployed.*, in place of the canary of 1\.2$/),
    });
    expect([ground.pods(), ground.patches(), await returned(ground)]).toEqual([{ '1.3': 4 }, 1, true]);
  });

  test('is for a deploy alone: a restart and a rollback say so', async () => {
    await ground.install('web', 2);
    await roll(ground.ports, canary('1.1', [{ pods: 1 }], { canary: undefined }));
    const restart = await roll(ground.ports, canary('1.1'));
    expect(restart).toMatchObject({ outcome: 'succeeded', mode: 'redeploy' });
    expect(restart.workloads[0]?.warnings).toEqual(['canary is not applied: a restart brings the same bits']);
    const back = await roll(ground.ports, canary('1.0', [{ pods: 1 }], { images: '' }));
    expect(back).toMatchObject({ outcome: 'succeeded', mode: 'rollback' });
    expect(back.workloads[0]?.warnings).toEqual(['canary is not applied: a rollback goes back at once']);
  });

  test('that was aborted does not take all pods by a rollback that nobody demanded', async () => {
    await heldCanary(2);
    await roll(ground.ports, abort());
    await roll(ground.ports, canary('1.2', [{ pods: 1 }], { canary: undefined }));
    ground.patches();
    expect(await roll(ground.ports, canary('1.1'))).toMatchObject({
      ...{ outcome: 'failed', reasonCode: 'preflight-refused' },
      message: expect.stringContaining('it was never verified here; set mode to deploy to hold it as a canary'),
    });
    expect([ground.patches(), ground.pods()]).toEqual([0, { '1.2': 2 }]);
    const demanded = canary('1.1', [{ pods: 1 }], { requested: 'deploy' });
    expect(await roll(ground.ports, demanded)).toMatchObject({ reasonCode: 'canary-held', mode: 'deploy' });
  });

  test('without the input canary the same release takes over', async () => {
    await heldCanary(2, STEPS);
    const again = request('1.1', { images: 'web=rollkey.test/web:1.1' });
    expect(await roll(ground.ports, again)).toMatchObject({ outcome: 'succeeded', mode: 'deploy' });
    expect([ground.pods(), await returned(ground)]).toEqual([{ '1.1': 2 }, true]);
  });
});

describe('by hand while it is held', () => {
  const patch = (body: object) => ground.cluster.objects.patch('deployments', 'shop', 'web', body);

  test('undone: the next run of any kind gives back what held it', async () => {
    await heldCanary(2);
    patch({
      spec: {
        paused: false,
        template: {
          spec: { containers: [{ name: 'web', image: 'rollkey.test/web:1.0' }] },
          metadata: { annotations: null },
        },
      },
    });
    expect(await roll(ground.ports, abort())).toMatchObject({ outcome: 'failed', reasonCode: 'no-canary' });
    expect(await returned(ground)).toBe(true);
    expect(ground.ports.log.infos).toContain(
      'deployment shop/web: the canary of 1.1 is gone; what held it is given back',
    );
  });

  test('resumed: nothing moves, and it goes on', async () => {
    await heldCanary(4, STEPS);
    patch({ spec: { paused: false } });
    expect(await roll(ground.ports, promotion('next'))).toMatchObject({ reasonCode: 'canary-held' });
    expect(ground.pods()).toEqual({ '1.0': 4, '1.1': 2 });
  });

  test('scaled: counted as it is, and goes on', async () => {
    await heldCanary(4, [{ percent: 25 }, { percent: 50 }]);
    patch({ spec: { replicas: 8 } });
    expect(await roll(ground.ports, promotion('next'))).toMatchObject({ reasonCode: 'canary-held' });
    // Kubernetes scales both in proportion; what it left out of eight old pods the canary has.
    expect(ground.pods()).toEqual({ '1.0': 7, '1.1': 5 });
    expect(await roll(ground.ports, promotion('all'))).toMatchObject({ outcome: 'succeeded' });
    expect([ground.pods(), await returned(ground)]).toEqual([{ '1.1': 8 }, true]);
  });

  test('a field that somebody changed stays theirs', async () => {
    await heldCanary(2);
    patch({ spec: { progressDeadlineSeconds: 2_147_483_647, minReadySeconds: 1 } });
    await roll(ground.ports, promotion('all'));
    expect(fieldsOf(ground.deployment())).toEqual({ ...OWN, minReadySeconds: 1 });
  });
});

describe('refused, and nothing touched', () => {
  test.each<readonly [string, number, object, RegExp]>([
    ['Recreate', 2, { strategy: { type: 'Recreate', rollingUpdate: null } }, /its strategy is Recreate/],
    ['no replicas', 0, {}, /it is scaled to 0/],
    ['paused', 2, { paused: true }, /is paused/],
  ])('%s', async (_, replicas, spec, message) => {
    await ground.install('web', replicas);
    ground.cluster.objects.patch('deployments', 'shop', 'web', { spec });
    ground.patches();
    expect(await roll(ground.ports, canary('1.1'))).toMatchObject({
      ...{ outcome: 'failed', reasonCode: 'preflight-refused', changed: false },
      message: expect.stringMatching(message),
    });
    expect(ground.patches()).toBe(0);
  });

  test('the same bits under another name', async () => {
    await ground.install('web', 2);
    const same = canary('1.0-again', [{ pods: 1 }], { images: 'web=rollkey.test/web:1.0' });
    expect(await roll(ground.ports, same)).toMatchObject({ outcome: 'failed', reasonCode: 'preflight-refused' });
  });

  test('promote and abort where nothing is held, or another release', async () => {
    await ground.install('web', 2);
    for (const wanted of [promotion(), abort()])
      expect(await roll(ground.ports, wanted)).toMatchObject({
        ...{ outcome: 'failed', reasonCode: 'no-canary', changed: false },
        message: expect.stringContaining('no canary is held'),
      });
    await roll(ground.ports, canary('1.1'));
    expect(await roll(ground.ports, promotion('all', { release: '1.2' } as object))).toMatchObject({
      message: expect.stringContaining('a canary of 1.1 is held, not of 1.2'),
    });
    expect(ground.pods()).toEqual({ '1.0': 2, '1.1': 1 });
  });
});

test('the history tells a held canary from what serves beside it, and why one was taken back', async () => {
  await ground.install('web', 3);
  await roll(ground.ports, canary('1.1'));
  expect(await history(ground.ports, [refOf('web')])).toMatchObject([
    { release: '1.1', canary: true, live: false, pods: 1 },
    { release: '1.0', canary: false, live: true, pods: 3 },
  ]);
  await roll(ground.ports, { ...abort(), reason: 'checkout is slow' });
  expect(await history(ground.ports, [refOf('web')])).toMatchObject([
    { release: '1.1', canary: false, live: false, verdict: 'rolled-back', note: '' },
    { release: '1.0', live: true, note: 'came back: checkout is slow' },
  ]);
});

describe('the run that began a canary, run again', () => {
  const first = { runId: '17', runAttempt: 1 };
  const again = { runId: '17', runAttempt: 2 };

  test.each([
    ['with sizes', [{ pods: 1 }, { pods: 2 }]],
    ['without', undefined],
  ])('%s leaves it as it is: reviewers in a job of that run were not asked', async (_, sizes) => {
    await ground.install('web', 4);
    await roll(ground.ports, { ...canary('1.1', [{ pods: 1 }, { pods: 2 }]), ...first });
    const wanted = sizes ? canary('1.1', sizes) : request('1.1', {});
    expect(await roll(ground.ports, { ...wanted, ...again })).toMatchObject({ reasonCode: 'canary-held' });
    expect(ground.pods()).toEqual({ '1.0': 4, '1.1': 1 });
    expect(await roll(ground.ports, { ...promotion('all'), ...again })).toMatchObject({ outcome: 'succeeded' });
    expect([ground.pods(), await returned(ground)]).toEqual([{ '1.1': 4 }, true]);
  });

  test('another step of the same attempt, or another run, lets it go on', async () => {
    await ground.install('web', 4);
    const sizes = [{ pods: 1 }, { pods: 2 }];
    await roll(ground.ports, { ...canary('1.1', sizes), ...first });
    await roll(ground.ports, { ...canary('1.1', sizes), ...first });
    expect(ground.pods()).toEqual({ '1.0': 4, '1.1': 2 });
    await roll(ground.ports, { ...canary('1.1', sizes), runId: '18', runAttempt: 1 });
    expect(ground.pods()).toEqual({ '1.1': 4 });
  });
});
