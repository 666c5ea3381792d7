import { describe, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { roll } from '../../src/operations/roll.ts';
import type { Returning } from '../../src/operations/roll-workload.ts';
import { finishReturning } from '../../src/run/finish-returning.ts';
import type { Connect } from '../../src/run/train.ts';
import { createFakeRunner, type FakeRunner } from '../fakes/fake-runner.ts';
import { createMemoryGate } from '../fakes/memory-gate.ts';
import { createMemoryServices } from '../fakes/memory-services.ts';
import { deployedIn } from '../operations/gate-desk.ts';
import { CRASHING, imageOf, openShop, refOf, request, type Shop, withImage } from '../operations/shop.ts';

/** A shop whose run was cancelled when it had begun to go back; `kept` is what it left for whoever comes after. */
async function openCancelledShop(
  names: readonly string[] = ['web'],
): Promise<{ readonly shop: Shop; readonly kept: string }> {
  const kept: (readonly Returning[])[] = [];
  const stop = new AbortController();
  const shop = { ...openShop(names), interrupt: stop.signal, remember: (all: readonly Returning[]) => kept.push(all) };
  shop.cluster.broken.set('web:1.1', CRASHING);
  // It comes as far as the write.
  shop.cluster.faults.at('patch', () => {}, names.length);
  shop.cluster.faults.at(
    'patch',
    () => {
      stop.abort();
      throw new ClusterError('unreachable', 'cluster https://x: no answer within 30 s');
    },
    names.length,
  );
  const rolling = roll(
    shop,
    request('1.1', { images: names.map((name) => `${name}/app=web:1.1`).join('\n'), refs: names }),
  );
  rolling.catch(() => {});
  for (let count = 0; count < 30; count++) await shop.clock.advance(1_000);
  await rolling;
  return { shop: { ...shop, interrupt: new AbortController().signal }, kept: JSON.stringify(kept.at(-1)) };
}

async function finish(shop: Shop, kept: string, seconds = 5): Promise<FakeRunner & { readonly closed: () => number }> {
  const runner = createFakeRunner({ deployment: 'web' });
  let closed = 0;
  const close = () => {
    closed += 1;
  };
  const connect: Connect = async () => ({
    ...shop,
    namespace: 'shop',
    services: createMemoryServices(),
    checks: async () => [],
    close,
  });
  const finishing = finishReturning(kept, runner, connect);
  for (let count = 0; count < seconds; count++) await shop.clock.advance(1_000);
  await finishing;
  return { ...runner, closed: () => closed };
}

describe('after a run that was cancelled on its way back', () => {
  test('what it did not come to write is written, seen to its end, and told', async () => {
    const { shop, kept } = await openCancelledShop();
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.1');
    const runner = await finish(shop, kept);
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.0');
    expect(shop.ledgers.entry('web', '1.0')).toMatchObject({ mode: 'rollback', verifiedAt: expect.any(String) });
    expect(shop.ledgers.entry('web', '1.1')).toMatchObject({ rolledBackAt: expect.any(String) });
    expect(runner.summaries).toEqual([expect.stringContaining('1.0')]);
    expect(runner.annotations).toMatchObject([{ level: 'notice' }]);
    expect(runner.closed()).toBe(1);
  });

  test('what is back already is the end of that rollback, and no run that changed nothing', async () => {
    const { shop, kept } = await openCancelledShop();
    shop.cluster.change('web', (deployment) => withImage(deployment, 'web:1.0'));
    const runner = await finish(shop, kept);
    const told = 'Rolled back: release 1.0 is live again on deployment/web in namespace shop';
    expect(runner.annotations).toMatchObject([{ level: 'notice', title: told }]);
    expect(runner.summaries[0]?.split('\n')[0]?.replaceAll('`', '')).toBe(`### ${told}`);
  });

  test('what the environment runs at last is recorded at the gate, which is not asked', async () => {
    const { shop, kept } = await openCancelledShop();
    const gate = createMemoryGate();
    const runner = createFakeRunner({ deployment: 'web', environment: 'staging', 'github-token': 'token' });
    const connect: Connect = async () => ({
      ...shop,
      namespace: 'shop',
      services: createMemoryServices(),
      checks: async () => [],
      close: () => {},
    });
    const finishing = finishReturning(kept, runner, connect, () => gate);
    for (let count = 0; count < 5; count++) await shop.clock.advance(1_000);
    await finishing;
    expect(deployedIn(gate)).toMatchObject([
      { environment: 'staging', running: '1.0', verified: true, mode: 'rollback' },
    ]);
    expect(gate.requests.filter(({ call }) => call === 'read')).toEqual([]);
  });

  test('a summary that cannot be written hides neither the end nor the record', async () => {
    const { shop, kept } = await openCancelledShop();
    const gate = createMemoryGate();
    const runner = createFakeRunner({ deployment: 'web', environment: 'staging', 'github-token': 'token' });
    const writeSummary = () => Promise.reject(new Error('no space left'));
    const connect: Connect = async () => ({
      ...shop,
      namespace: 'shop',
      services: createMemoryServices(),
      checks: async () => [],
      close: () => {},
    });
    const finishing = finishReturning(kept, { ...runner, writeSummary }, connect, () => gate);
    for (let count = 0; count < 5; count++) await shop.clock.advance(1_000);
    await finishing;
    expect(runner.annotations).toMatchObject([{ level: 'notice' }]);
    expect(deployedIn(gate)).toMatchObject([{ running: '1.0', verified: true }]);
  });

  test('what is back already is not written again', async () => {
    const { shop, kept } = await openCancelledShop();
    await finish(shop, kept);
    const { generation } = shop.cluster.deployment('web').metadata;
    const runner = await finish(shop, kept);
    expect(shop.cluster.deployment('web').metadata.generation).toBe(generation);
    expect(runner.annotations).toMatchObject([{ level: 'notice' }]);
  });

  test('what somebody rolled since is theirs: left alone, and said', async () => {
    const { shop, kept } = await openCancelledShop();
    shop.cluster.change('web', (deployment) => withImage(deployment, 'web:1.2'));
    const runner = await finish(shop, kept);
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.2');
    expect(runner.annotations).toMatchObject([{ level: 'warning', message: expect.stringContaining('1.0') }]);
  });

  test('all workloads of a train go back, each to its own release', async () => {
    const { shop, kept } = await openCancelledShop(['web', 'api']);
    expect((JSON.parse(kept) as readonly Returning[]).map(({ ref }) => ref)).toEqual([refOf('web'), refOf('api')]);
    await finish(shop, kept);
    for (const name of ['web', 'api']) expect(imageOf(shop.cluster.deployment(name))).toBe('web:1.0');
  });

  test('one that does not complete is waited for a minute, and said to have failed', async () => {
    const { shop, kept } = await openCancelledShop();
    shop.cluster.idle.add('web');
    const runner = await finish(shop, kept, 70);
    expect(runner.annotations[0]).toMatchObject({ level: 'error', message: expect.stringContaining('60 s') });
  });
});

describe('without a way back to see to', () => {
  test.each(['', '[]'])('kept %j: nothing is touched', async (kept) => {
    const shop = openShop();
    const runner = await finish(shop, kept);
    expect([runner.summaries, runner.annotations]).toEqual([[], []]);
    expect(shop.ledgers.writes()).toBe(0);
  });

  test.each([
    ['a cluster that is away', JSON.stringify([{ ref: refOf('web'), release: '1.0' }]), 'cluster is away'],
    ['what nobody can read', '{', 'JSON'],
  ])('%s: one error that says what to do, and the step goes on', async (_, kept, message) => {
    const runner = createFakeRunner({ deployment: 'web' });
    await finishReturning(kept, runner, () => Promise.reject(new ClusterError('unreachable', 'cluster is away')));
    expect(runner.annotations).toMatchObject([{ level: 'error', title: 'The rollback is not finished' }]);
    expect(runner.annotations[0]?.message).toMatch(new RegExp(`${message}.*; roll back by name$`));
  });
});
