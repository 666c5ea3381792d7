import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { roll } from '../../src/operations/roll.ts';
import type { Cluster } from '../../src/ports.ts';
import {
  abort,
  type CanaryGround,
  canary,
  deploy,
  openCanaryGround,
  openCheck,
  promotion,
  returned,
} from './canary-ground.ts';
import { refOf } from './shop.ts';

const ground: CanaryGround = await openCanaryGround();
const refs = ['web', 'api'];

afterAll(() => ground.close());
afterEach(() => ground.clear());

async function entryOf(release: string, name: string) {
  const { ledger } = await ground.ledgers.read(refOf(name));
  return ledger.entries.find((entry) => entry.release === release);
}

/** Whoever watches this workload is refused. */
function unwatched(name: string): Cluster {
  const { cluster } = ground.ports;
  const follow: Cluster['follow'] = (what, ...given) => {
    if ('ref' in what && what.ref.name === name) throw new ClusterError('forbidden', `${name} may not be watched`);
    return cluster.follow(what, ...given);
  };
  return { ...cluster, follow };
}

describe('a canary that stands proves nothing', () => {
  test.each(['pause', 'continue'] as const)(
    'while another one fails, with failure_action %s',
    async (failureAction) => {
      for (const name of refs) await ground.install(name, 2);
      const images = 'web/web=rollkey.test/web:1.1\napi/web=rollkey.test/web:1.1-unready';
      const update = { failureAction, policy: { failFast: 'strict', maxFailureRatio: 0, monitorMs: 0 } } as const;
      const result = await roll(ground.ports, canary('1.1', [{ pods: 1 }], { refs, images, update, timeoutMs: 1_500 }));
      expect(result).toMatchObject({
        reasonCode: 'timeout',
        workloads: [{ reasonCode: 'canary-held', canary: { pods: 1 } }, { reasonCode: 'timeout' }],
      });
      expect(await entryOf('1.1', 'web')).not.toHaveProperty('verifiedAt');
      expect(ground.deployment('web').spec.paused).toBe(true);
    },
  );

  test('while another one cannot be seen', async () => {
    for (const name of refs) await ground.install(name, 2);
    await roll(ground.ports, canary('1.1', [{ pods: 1 }], { refs }));
    const result = await roll({ ...ground.ports, cluster: unwatched('api') }, promotion('all', { refs }));
    expect(result).toMatchObject({ outcome: 'failed', workloads: [{ reasonCode: 'canary-held' }, {}] });
    expect(ground.pods('web')).toEqual({ '1.0': 2, '1.1': 1 });
    expect(await entryOf('1.1', 'web')).not.toHaveProperty('verifiedAt');
  });
});

test('what was not touched when the canary of another one failed keeps its record', async () => {
  for (const name of refs) await ground.install(name, 2);
  await roll(ground.ports, canary('1.1'));
  const { checks } = openCheck('fail');
  const result = await roll(ground.ports, deploy('1.1', { refs, checks }));
  expect(result).toMatchObject({
    ...{ outcome: 'rolled-back', reasonCode: 'check-failed' },
    workloads: [{ outcome: 'rolled-back' }, { outcome: 'failed', reasonCode: 'train-failed', changed: false }],
  });
  expect(await entryOf('1.1', 'api')).toBeUndefined();
  for (const name of refs) expect(ground.pods(name)).toEqual({ '1.0': 2 });
  expect(await returned(ground)).toBe(true);
});

test('a promotion to all goes on although one of the train was scaled to 0', async () => {
  for (const name of refs) await ground.install(name, 2);
  await roll(ground.ports, canary('1.1', [{ pods: 1 }], { refs }));
  ground.cluster.objects.patch('deployments', 'shop', 'api', { spec: { replicas: 0 } });
  expect(await roll(ground.ports, promotion('all', { refs }))).toMatchObject({ outcome: 'succeeded' });
  expect([ground.pods('web'), await returned(ground, 'web')]).toEqual([{ '1.1': 2 }, true]);
  expect(ground.deployment('api').spec).toMatchObject({ strategy: ground.deployment('web').spec.strategy });
  expect(ground.deployment('api').spec).not.toHaveProperty('paused');
});

test('a promotion whose answer is lost says that it may have gone on', async () => {
  await ground.install('web', 2);
  await roll(ground.ports, canary('1.1'));
  const { cluster } = ground.ports;
  const lost: Cluster = {
    ...cluster,
    patchWorkload: async (...given) => {
      await cluster.patchWorkload(...given);
      throw new ClusterError('unreachable', 'connection reset');
    },
  };
  const result = await roll({ ...ground.ports, cluster: lost }, promotion('all'));
  expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'cluster-unreachable', changed: true });
  expect(result.message).toContain('1.1 may have been let go on, but how it went could not be seen');
});

describe('a train that parted', () => {
  test('one let go, one still held: an abort takes both back', async () => {
    for (const name of refs) await ground.install(name, 2);
    await roll(ground.ports, canary('1.1', [{ pods: 1 }], { refs }));
    expect(await roll(ground.ports, promotion('all'))).toMatchObject({ outcome: 'succeeded' });
    expect([ground.pods('web'), ground.pods('api')]).toEqual([{ '1.1': 2 }, { '1.0': 2, '1.1': 1 }]);
    expect(await roll(ground.ports, abort({ refs }))).toMatchObject({ outcome: 'aborted', release: '1.0' });
    for (const name of refs) expect([ground.pods(name), await returned(ground, name)]).toEqual([{ '1.0': 2 }, true]);
  });

  test('on different releases it is not begun, since it could not be taken back to one', async () => {
    for (const name of refs) await ground.install(name, 2);
    await roll(ground.ports, deploy('1.0.1'));
    const result = await roll(ground.ports, canary('1.1', [{ pods: 1 }], { refs }));
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'preflight-refused', changed: false });
    expect(result.message).toContain('it runs 1.0.1, and others of the train run 1.0; begin them apart');
  });

  test('held beside different releases it is aborted one by one', async () => {
    for (const name of refs) await ground.install(name, 2);
    await roll(ground.ports, deploy('1.0.1'));
    for (const name of refs) await roll(ground.ports, canary('1.1', [{ pods: 1 }], { refs: [name] }));
    expect(await roll(ground.ports, abort({ refs }))).toMatchObject({
      ...{ outcome: 'failed', reasonCode: 'mode-refused', changed: false },
      message: expect.stringContaining('abort them one by one'),
    });
    for (const name of refs)
      expect(await roll(ground.ports, abort({ refs: [name] }))).toMatchObject({ outcome: 'aborted' });
    expect([ground.pods('web'), ground.pods('api')]).toEqual([{ '1.0.1': 2 }, { '1.0': 2 }]);
  });
});
