import { describe, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { roll } from '../../src/operations/roll.ts';
import type { TrainRequest } from '../../src/operations/train-request.ts';
import type { Check, CheckAnswer } from '../../src/ports.ts';
import type { Result } from '../../src/result.ts';
import { CRASHING, imageOf, openShop, POLICY, request, type Shop, withImage } from './shop.ts';

async function rolled(shop: Shop, wanted: TrainRequest): Promise<Result> {
  const rolling = roll(shop, wanted);
  rolling.catch(() => {});
  for (let count = 0; count < 30; count++) await shop.clock.advance(1_000);
  return rolling;
}

function deploy(shop: Shop, release: string, more: Partial<Parameters<typeof request>[1]> = {}): Promise<Result> {
  return rolled(shop, request(release, { images: `app=web:${release}`, ...more }));
}

function openBrokenShop(names: readonly string[] = ['web'], bad = 'web:1.2'): Shop {
  const shop = openShop(names);
  shop.cluster.broken.set(bad, CRASHING);
  return shop;
}

describe('a release that crashes', () => {
  test('goes back to what was live: one write, marked in the ledger, told in the result', async () => {
    const shop = openBrokenShop();
    await deploy(shop, '1.1');
    const result = await deploy(shop, '1.2');
    expect(result).toMatchObject({
      ...{ outcome: 'rolled-back', reasonCode: 'container-crashed', rolledBackTo: '1.1', changed: true },
      ...{ release: '1.2', previousRelease: '1.1' },
    });
    expect(result.message).toMatch(/^deployment\/web: 1\.2 failed: container app exits 3.*; rolled back to 1\.1$/);
    expect(result.workloads[0]).toMatchObject({
      ...{ cause: { code: 'container-crashed', container: 'app' }, pods: { desired: 2, available: 2 } },
      rollback: { to: '1.1', state: 'done' },
    });
    expect(shop.log.infos).toContainEqual(
      expect.stringMatching(/^deployment\/web: ROLLING_BACK from 1\.2 to 1\.1: container app exits 3/),
    );
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.1');
    expect(shop.ledgers.entry('web', '1.2')).toMatchObject({
      failedAt: expect.any(String),
      rolledBackAt: expect.any(String),
    });
    expect(shop.ledgers.entry('web', '1.2')).not.toHaveProperty('verifiedAt');
    expect(shop.ledgers.entry('web', '1.1')).toMatchObject({ mode: 'rollback', verifiedAt: expect.any(String) });
    expect(shop.cluster.followers()).toBe(0);
  });

  test('1.0 good, 1.1 good but blocked by hand: back to 1.0', async () => {
    const shop = openBrokenShop();
    await deploy(shop, '1.1');
    shop.ledgers.change('web', (ledger) => ({
      ...ledger,
      entries: ledger.entries.map((entry) =>
        entry.release === '1.1' ? { ...entry, blockedAt: '2026-11-21T12:30:00Z' } : entry,
      ),
    }));
    expect(await deploy(shop, '1.2')).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.0' });
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.0');
  });

  test('nothing good to return to: it stays, and the result says why', async () => {
    const shop = openBrokenShop(['web'], 'web:1.1');
    // What was live had failed as well.
    shop.cluster.idle.add('web');
    shop.cluster.change('web', (deployment) => withImage(deployment, 'web:0.9'));
    shop.cluster.idle.delete('web');
    const result = await deploy(shop, '1.1');
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'container-crashed', rolledBackTo: '' });
    expect(result.message).toContain('not rolled back: no other release is known to be good here');
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.1');
  });

  test('a rollback is never rolled back', async () => {
    const shop = openShop();
    await deploy(shop, '1.1');
    shop.cluster.broken.set('web:1.0', CRASHING);
    const result = await rolled(shop, request('1.0', { requested: 'rollback' }));
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'container-crashed' });
    // Those that were to be left serve on: who reads it must not think that nobody does.
    expect(result.workloads[0]?.pods).toMatchObject({ available: 0, oldAvailable: 2 });
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.0');
  });

  test('nor is the rollback of a deploy: it fails, and says so', async () => {
    const shop = openBrokenShop();
    await deploy(shop, '1.1');
    shop.cluster.faults.at('list pods', () => void shop.cluster.broken.set('web:1.1', CRASHING));
    const result = await deploy(shop, '1.2');
    expect(result).toMatchObject({ outcome: 'rollback-failed', reasonCode: 'container-crashed' });
    expect(result.workloads[0]?.rollback).toMatchObject({ to: '1.1', state: 'failed' });
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.1');
  });

  test('somebody scales while it goes back: tried again', async () => {
    const shop = openBrokenShop();
    await deploy(shop, '1.1');
    shop.cluster.faults.at('patch', () => {}, 1);
    shop.cluster.faults.at('patch', () =>
      shop.cluster.change('web', (deployment) => ({ ...deployment, spec: { ...deployment.spec, replicas: 5 } })),
    );
    expect(await deploy(shop, '1.2')).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.1' });
    expect(shop.cluster.deployment('web').spec.replicas).toBe(5);
  });

  test('somebody sets another image before it goes back: left alone', async () => {
    const shop = openBrokenShop();
    await deploy(shop, '1.1');
    shop.cluster.faults.at('list pods', () => {});
    shop.cluster.faults.at('get', () => {}, 2);
    shop.cluster.faults.at('get', () => shop.cluster.change('web', (now) => withImage(now, 'web:1.3')));
    const result = await deploy(shop, '1.2');
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.3');
    expect(result.outcome).not.toBe('rolled-back');
  });

  describe('the API is away when it should go back', () => {
    const away = new ClusterError('unreachable', 'cluster https://x: connection refused');

    test('for a moment: it goes back all the same', async () => {
      const shop = openBrokenShop();
      await deploy(shop, '1.1');
      shop.cluster.faults.at('patch', () => {}, 1);
      shop.cluster.faults.at('patch', away);
      expect(await deploy(shop, '1.2')).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.1' });
      expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.1');
    });

    test('after the write, whose answer is lost: it is back, and written once', async () => {
      const shop = openBrokenShop();
      await deploy(shop, '1.1');
      const generation = shop.cluster.deployment('web').metadata.generation ?? 0;
      const { patchWorkload } = shop.cluster;
      let patches = 0;
      const cluster = {
        ...shop.cluster,
        patchWorkload: async (...patch: Parameters<typeof patchWorkload>) => {
          patches += 1;
          const written = await patchWorkload(...patch);
          if (patches === 2) throw away;
          return written;
        },
      };
      expect(await deploy({ ...shop, cluster }, '1.2')).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.1' });
      expect(shop.cluster.deployment('web').metadata.generation).toBe(generation + 2);
      expect(shop.ledgers.entry('web', '1.1')).toMatchObject({ mode: 'rollback', verifiedAt: expect.any(String) });
    });

    test('after the write, which admission has changed: it is back all the same', async () => {
      const shop = openBrokenShop();
      await deploy(shop, '1.1');
      const { patchWorkload } = shop.cluster;
      let writes = 0;
      const pinning: typeof patchWorkload = async (ref, patch, options) => {
        const pinned = JSON.parse(JSON.stringify(patch).replaceAll('"web:1.1"', '"web:1.1@pinned"'));
        writes += options?.dryRun ? 0 : 1;
        const written = await patchWorkload(ref, pinned as typeof patch, options);
        if (writes === 2 && !options?.dryRun) throw away;
        return written;
      };
      const cluster = { ...shop.cluster, patchWorkload: pinning };
      const result = await deploy({ ...shop, cluster }, '1.2');
      expect(result).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.1' });
      expect([writes, imageOf(shop.cluster.deployment('web'))]).toEqual([2, 'web:1.1@pinned']);
    });

    test('for longer than a rollout may take: said, and nothing is lost', async () => {
      const shop = openBrokenShop();
      await deploy(shop, '1.1');
      shop.cluster.faults.at('patch', () => {}, 1);
      shop.cluster.faults.at('patch', away, 20);
      const result = await deploy(shop, '1.2', { timeoutMs: 10_000 });
      expect(result.outcome).toBe('rollback-failed');
      expect(result.message).toContain('connection refused');
      expect(shop.ledgers.entry('web', '1.1')).toMatchObject({ mode: 'rollback', verifiedAt: expect.any(String) });
    });
  });
});

describe('pods that serve nobody', () => {
  /** Both pods of 1.2 are complete at first; then they crash, when no pod of 1.1 is left. */
  async function completeThenCrashing(shop: Shop): Promise<Result> {
    const update = { failureAction: 'rollback', policy: { ...POLICY, monitorMs: 10_000 } } as const;
    const rolling = roll(shop, request('1.2', { images: 'app=web:1.2', update }));
    await shop.clock.advance(3_000);
    shop.cluster.crash('web', CRASHING);
    for (let count = 0; count < 30; count++) await shop.clock.advance(1_000);
    return rolling;
  }

  test('are left without waiting for surge: the limit is lent, noted before and given back after', async () => {
    const shop = openShop();
    await deploy(shop, '1.1');
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } };
    shop.cluster.change('web', (deployment) => ({ ...deployment, spec: { ...deployment.spec, strategy } }));
    const limits: unknown[] = [];
    shop.cluster.faults.at('patch', () => {}, 1);
    shop.cluster.faults.at('patch', () => void limits.push(shop.ledgers.ledger('web').loan));
    const result = await completeThenCrashing(shop);
    expect(result).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.1' });
    expect(limits).toEqual([{ uid: 'web-uid', own: { maxUnavailable: '25%' }, lent: [{ maxUnavailable: 2 }] }]);
    expect(shop.cluster.deployment('web').spec.strategy?.rollingUpdate?.maxUnavailable).toBe('25%');
    expect(shop.ledgers.ledger('web')).not.toHaveProperty('loan');
  });
});

describe('failure_action', () => {
  test('pause: the mixed state stays', async () => {
    const shop = openBrokenShop();
    const result = await deploy(shop, '1.2', { update: { failureAction: 'pause', policy: POLICY } });
    expect(result).toMatchObject({ outcome: 'paused', reasonCode: 'container-crashed' });
    expect(shop.cluster.deployment('web').spec.paused).toBe(true);
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.2');
  });

  test('pause, of a rollout that an earlier run began', async () => {
    const shop = openBrokenShop();
    const update = { failureAction: 'continue', policy: POLICY } as const;
    await deploy(shop, '1.2', { update, timeoutMs: 5_000 });
    const result = await deploy(shop, '1.2', { update: { failureAction: 'pause', policy: POLICY } });
    expect(result.outcome).toBe('paused');
    expect(shop.cluster.deployment('web').spec.paused).toBe(true);
  });

  test('continue: nobody acts, the time decides', async () => {
    const shop = openBrokenShop();
    const update = { failureAction: 'continue', policy: POLICY } as const;
    const result = await deploy(shop, '1.2', { update, timeoutMs: 20_000 });
    expect(result).toMatchObject({ outcome: 'timed-out', reasonCode: 'timeout' });
    expect(result.workloads[0]?.cause).toMatchObject({ code: 'container-crashed' });
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.2');
  });
});

describe('a train', () => {
  test('goes back as one, and the one at fault is named', async () => {
    const shop = openShop(['web', 'api']);
    await deploy(shop, '1.1', { refs: ['web', 'api'] });
    shop.cluster.broken.set('web:1.2-api', CRASHING);
    const result = await rolled(
      shop,
      request('1.2', { images: 'web/app=web:1.2\napi/app=web:1.2-api', refs: ['web', 'api'] }),
    );
    expect(result).toMatchObject({ outcome: 'rolled-back', reasonCode: 'container-crashed', rolledBackTo: '1.1' });
    expect(result.message).toMatch(/^deployment\/api: 1\.2 failed/);
    expect(result.workloads.map(({ outcome, reasonCode }) => [outcome, reasonCode])).toEqual([
      ['rolled-back', 'train-failed'],
      ['rolled-back', 'container-crashed'],
    ]);
    for (const name of ['web', 'api']) expect(imageOf(shop.cluster.deployment(name))).toBe('web:1.1');
    for (const name of ['web', 'api'])
      expect(shop.ledgers.entry(name, '1.2')).toMatchObject({ rolledBackAt: expect.any(String) });
  });
});

describe('checks', () => {
  /** Says what the image that is live deserves. */
  function checkOf(shop: Shop, answer: (image: string) => CheckAnswer['state']): () => Promise<readonly Check[]> {
    const look = async () =>
      ({ state: answer(imageOf(shop.cluster.deployment('web')) ?? ''), message: 'seen' }) as const;
    return async () => [{ name: 'front page', early: true, intervalMs: 1_000, threshold: 3, look }];
  }
  const window = { failureAction: 'rollback', policy: { ...POLICY, monitorMs: 10_000 } } as const;

  test('all pass: deployed, and what they said is in the result', async () => {
    const shop = openShop();
    const result = await deploy(shop, '1.1', { checks: checkOf(shop, () => 'pass'), update: window });
    expect(result).toMatchObject({ outcome: 'succeeded', checks: [{ name: 'front page', state: 'passed' }] });
  });

  test('one fails three times in a row: back, though every pod is well', async () => {
    const shop = openShop();
    const checks = checkOf(shop, (image) => (image === 'web:1.1' ? 'fail' : 'pass'));
    const result = await deploy(shop, '1.1', { checks, update: window });
    expect(result).toMatchObject({ outcome: 'rolled-back', reasonCode: 'check-failed', rolledBackTo: '1.0' });
    expect(result.message).toContain('check front page failed 3 times in a row: seen');
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.0');
    expect(shop.ledgers.entry('web', '1.1')).not.toHaveProperty('verifiedAt');
  });

  test('one that fails on the release before as well: back, but not healed', async () => {
    const shop = openShop();
    const looks = { count: 0 };
    const checks = checkOf(shop, () => (looks.count++ === 0 ? 'pass' : 'fail'));
    const result = await deploy(shop, '1.1', { checks, update: window });
    expect(result).toMatchObject({ outcome: 'rollback-failed', reasonCode: 'check-failed' });
    expect(result.workloads[0]?.rollback).toMatchObject({ to: '1.0', state: 'unhealed' });
    expect(result.message).toContain('back on 1.0, but check front page failed 3 times in a row');
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.0');
  });

  test('one that failed before counts only once the release is all there is', async () => {
    const shop = openShop();
    const checks = checkOf(shop, (image) => (image === 'web:1.0' ? 'fail' : 'pass'));
    expect(await deploy(shop, '1.1', { checks, update: window })).toMatchObject({ outcome: 'succeeded' });
  });

  test.each(['inconclusive', 'error'] as const)('%s stops the run and takes nothing back', async (state) => {
    const shop = openShop();
    const result = await deploy(shop, '1.1', { checks: checkOf(shop, () => state), update: window });
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: `check-${state}`, rolledBackTo: '' });
    expect(shop.ledgers.entry('web', '1.1')).not.toHaveProperty('verifiedAt');
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.1');
  });
});

describe('an interrupt', () => {
  test('during the rollout: cancelled, nothing undone, no verdict', async () => {
    const stop = new AbortController();
    const shop = { ...openShop(), interrupt: stop.signal };
    shop.cluster.idle.add('web');
    const rolling = roll(shop, request('1.1', { images: 'app=web:1.1' }));
    await shop.clock.advance(5_000);
    stop.abort();
    await shop.clock.advance(1_000);
    expect(await rolling).toMatchObject({ outcome: 'cancelled', reasonCode: 'cancelled', changed: true });
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.1');
    expect(shop.ledgers.entry('web', '1.1')).not.toHaveProperty('failedAt');
  });

  test('before anything was written: nothing is', async () => {
    const shop = { ...openShop(), interrupt: AbortSignal.abort() };
    expect(await roll(shop, request('1.1', { images: 'app=web:1.1' }))).toMatchObject({
      outcome: 'cancelled',
      changed: false,
    });
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.0');
  });
});
