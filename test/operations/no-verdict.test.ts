import { describe, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { roll } from '../../src/operations/roll.ts';
import type { Returning } from '../../src/operations/roll-workload.ts';
import type { TrainRequest } from '../../src/operations/train-request.ts';
import type { Check, CheckAnswer } from '../../src/ports.ts';
import type { Result } from '../../src/result.ts';
import { finishReturning } from '../../src/run/finish-returning.ts';
import type { Connect } from '../../src/run/train.ts';
import { createFakeRunner } from '../fakes/fake-runner.ts';
import { createMemoryServices } from '../fakes/memory-services.ts';
import { CRASHING, imageOf, openShop, POLICY, request, type Shop } from './shop.ts';

async function rolled(shop: Shop, wanted: TrainRequest, seconds = 30): Promise<Result> {
  const rolling = roll(shop, wanted);
  rolling.catch(() => {});
  for (let count = 0; count < seconds; count++) await shop.clock.advance(1_000);
  return rolling;
}

function deploy(shop: Shop, release: string, more: Partial<Parameters<typeof request>[1]> = {}, seconds = 30) {
  return rolled(shop, request(release, { images: `app=web:${release}`, ...more }), seconds);
}

function always(state: CheckAnswer['state'], words = 'answers 500'): () => Promise<readonly Check[]> {
  const look = async () => ({ state, message: words });
  return async () => [{ name: 'front page', early: true, intervalMs: 1_000, threshold: 3, look }];
}

describe('a release on bits that are live already', () => {
  test('fails where its checks fail', async () => {
    const shop = openShop();
    const result = await deploy(shop, '1.1', { images: 'app=web:1.0', checks: always('fail') });
    expect(result.checks).toMatchObject([{ state: 'failed' }]);
    expect(result.outcome).toBe('failed');
    expect(shop.ledgers.entry('web', '1.1')).not.toHaveProperty('verifiedAt');
  });
});

describe('a release whose check could not tell', () => {
  test.each(['inconclusive', 'error'] as const)('%s: is not recorded as verified', async (state) => {
    const shop = openShop();
    const result = await deploy(shop, '1.1', { checks: always(state) });
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: `check-${state}` });
    expect(shop.ledgers.entry('web', '1.1')).not.toHaveProperty('verifiedAt');
  });

  test('is not what the next bad release goes back to', async () => {
    const shop = openShop();
    shop.cluster.broken.set('web:1.2', CRASHING);
    await deploy(shop, '1.1', { checks: always('inconclusive') });
    expect(await deploy(shop, '1.2')).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.0' });
  });
});

describe('after a run that was cancelled on its way back', () => {
  test('what somebody deployed since stays', async () => {
    const kept: (readonly Returning[])[] = [];
    const stop = new AbortController();
    const shop: Shop = { ...openShop(), interrupt: stop.signal, remember: (all) => void kept.push(all) };
    shop.cluster.broken.set('web:1.1', CRASHING);
    shop.cluster.faults.at('patch', () => {});
    shop.cluster.faults.at('patch', () => {
      stop.abort();
      throw new ClusterError('unreachable', 'no answer');
    });
    await deploy(shop, '1.1');
    expect(kept.at(-1)).toMatchObject([{ release: '1.0' }]);
    const after = { ...shop, interrupt: new AbortController().signal };
    // The next run, or a step of this job, brings the hotfix before the post step runs.
    expect(await deploy(after, '1.2')).toMatchObject({ outcome: 'succeeded' });
    const runner = createFakeRunner({ deployment: 'web' });
    const connect: Connect = async () => ({
      ...after,
      namespace: 'shop',
      services: createMemoryServices(),
      checks: async () => [],
      close: () => {},
    });
    const finishing = finishReturning(JSON.stringify(kept.at(-1)), runner, connect);
    for (let count = 0; count < 5; count++) await shop.clock.advance(1_000);
    await finishing;
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.2');
    expect(shop.ledgers.entry('web', '1.2')).not.toHaveProperty('rolledBackAt');
  });
});

describe('a run that only attaches to what is live', () => {
  test('a verified release that lost a pod is not taken back to the one before', async () => {
    const shop = openShop(['web'], [{ image: 'web:0.9', stamp: '0.9', cause: '0.9' }]);
    await deploy(shop, '1.0');
    expect(shop.ledgers.entry('web', '1.0')).toMatchObject({ verifiedAt: expect.any(String) });
    // A node is gone; the pod that replaces its own cannot be placed.
    shop.cluster.crash('web', {
      name: 'app',
      ready: false,
      restartCount: 0,
      state: { waiting: { reason: 'ContainerCreating' } },
    });
    const result = await deploy(shop, '1.0', { timeoutMs: 20_000 }, 60);
    expect(result.rolledBackTo).toBe('');
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.0');
  });
});

describe('somebody pauses the rollout to look', () => {
  test('it stays paused', async () => {
    const shop = openShop();
    shop.cluster.idle.add('web');
    const rolling = deploy(shop, '1.1', { timeoutMs: 20_000 }, 60);
    await shop.clock.advance(1_000);
    shop.cluster.change('web', (now) => ({
      ...now,
      spec: { ...now.spec, paused: true },
      status: { ...now.status, observedGeneration: (now.metadata.generation ?? 0) + 1 },
    }));
    const result = await rolling;
    expect(result.rolledBackTo).toBe('');
    expect(shop.cluster.deployment('web').spec.paused).toBe(true);
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.1');
  });
});

describe('a healthy release', () => {
  const window = { failureAction: 'rollback', policy: { ...POLICY, monitorMs: 30_000 } } as const;

  test('that was complete in time may be scaled up in its window, after the time-out', async () => {
    const shop = openShop();
    const rolling = roll(shop, request('1.1', { images: 'app=web:1.1', timeoutMs: 10_000, update: window }));
    rolling.catch(() => {});
    for (let count = 0; count < 15; count++) await shop.clock.advance(1_000);
    // The autoscaler adds a pod, which is there two seconds later.
    shop.cluster.idle.add('web');
    shop.cluster.change('web', ({ metadata, spec, status }) => ({
      metadata,
      spec: { ...spec, replicas: 3 },
      status: { ...status, observedGeneration: (metadata.generation ?? 0) + 1, replicas: 3, updatedReplicas: 3 },
    }));
    await shop.clock.advance(2_000);
    shop.cluster.idle.delete('web');
    shop.cluster.change('web', (now) => now);
    for (let count = 0; count < 60; count++) await shop.clock.advance(1_000);
    expect(await rolling).toMatchObject({ outcome: 'succeeded' });
  });

  test('whose strategy is Recreate is away for a while, and its checks with it', async () => {
    const shop = openShop();
    shop.cluster.change('web', (now) => ({ ...now, spec: { ...now.spec, strategy: { type: 'Recreate' } } }));
    const look = async () =>
      ({ state: shop.cluster.idle.has('web') ? 'fail' : 'pass', message: 'no endpoints' }) as const;
    const checks = async () => [{ name: 'front page', early: true, intervalMs: 5_000, threshold: 3, look }];
    const rolling = roll(shop, request('1.1', { images: 'app=web:1.1', checks, update: window }));
    rolling.catch(() => {});
    shop.cluster.faults.at('patch', () => void shop.cluster.idle.add('web'));
    for (let count = 0; count < 25; count++) await shop.clock.advance(1_000);
    shop.cluster.idle.delete('web');
    shop.cluster.change('web', (now) => now);
    for (let count = 0; count < 90; count++) await shop.clock.advance(1_000);
    expect(await rolling).toMatchObject({ outcome: 'succeeded' });
  });

  test('that the controller has not even seen is not judged', async () => {
    const shop = openShop();
    shop.cluster.idle.add('web');
    const result = await deploy(shop, '1.1', { timeoutMs: 10_000 }, 60);
    expect(result.rolledBackTo).toBe('');
    expect(result.workloads[0]?.rollback).toBeUndefined();
    expect(shop.ledgers.entry('web', '1.1')).not.toHaveProperty('failedAt');
  });
});

describe('the sentence of a time-out', () => {
  test('reads as one where there is a cause', async () => {
    const shop = openShop();
    shop.cluster.broken.set('web:1.1', CRASHING);
    const update = { failureAction: 'continue', policy: POLICY } as const;
    const { message } = await deploy(shop, '1.1', { update, timeoutMs: 20_000 });
    expect(message).not.toMatch(/1\.1 is container/);
  });
});
