import { describe, expect, test } from '@jest/globals';
import { ClusterError, GitHubError } from '../../src/errors.ts';
import { blueGreen } from '../../src/operations/blue-green.ts';
import type { Gate } from '../../src/ports.ts';
import { createMemoryGate, type MemoryGate } from '../fakes/memory-gate.ts';
import { deploy, openTwoColours, pairRequest, scale, standing, type TwoColours } from './blue-green-shop.ts';
import { blocksIn } from './gate-desk.ts';
import { putBlock } from './gate-sample.ts';

const AWAY = new GitHubError('unreachable', 'GitHub at api.github.com does not answer');

interface Raced extends TwoColours {
  readonly gate: MemoryGate;
}

/** Green serves 1.1, blue has 1.0 and no pods; right before the first write, somebody changes blue and does what else is given. */
async function openRaced(meanwhile: (shop: Raced) => void = () => {}): Promise<Raced> {
  const shop = { ...(await openTwoColours(2)), gate: createMemoryGate() };
  await deploy(shop, '1.1');
  scale(shop, 'site-blue', 0);
  shop.cluster.faults.at('patch', () => {
    shop.cluster.change('site-blue', ({ spec, ...deployment }) => {
      const metadata = { ...spec.template.metadata, annotations: { theirs: 'yes' } };
      return { ...deployment, spec: { ...spec, template: { ...spec.template, metadata } } };
    });
    meanwhile(shop);
  });
  return shop;
}

/** GitHub takes no record, and says nothing. */
function mute(gate: MemoryGate): MemoryGate {
  const append: Gate['append'] = (_, signal) =>
    new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  return { ...gate, append };
}

/** Rolls back, and tells after how many seconds users were there. */
async function rolledBack(shop: Raced, release = '1.0') {
  const begin = shop.clock.now();
  let seconds: number | undefined;
  const rolling = blueGreen(shop, pairRequest(release, { requested: 'rollback', environment: 'production' }));
  rolling.catch(() => {});
  for (let count = 0; count < 60; count++) {
    await shop.clock.advance(1_000);
    if (standing(shop).selects === 'site-blue') seconds ??= (shop.clock.now() - begin) / 1000;
  }
  return { result: await rolling, seconds };
}

describe('a way back that somebody else was faster than', () => {
  test('decides again at once, while GitHub does not take the block', async () => {
    const shop = await openRaced();
    const { result, seconds } = await rolledBack({ ...shop, gate: mute(shop.gate) });
    expect(shop.log.warnings.join()).toContain('deciding again');
    expect(seconds).toBeLessThan(10);
    expect(result).toMatchObject({ outcome: 'succeeded', gate: { blocks: [{ release: '1.1', state: 'missing' }] } });
  });

  test('waits for a silent gate once to find where to, and once before it writes', async () => {
    const shop = await openRaced();
    const gate = { ...shop.gate, read: () => new Promise<never>(() => {}) };
    const { result, seconds } = await rolledBack({ ...shop, gate }, '');
    expect(shop.log.warnings.join()).toContain('deciding again');
    expect(result).toMatchObject({ outcome: 'succeeded', release: '1.0', gate: { answer: 'unknown' } });
    expect(seconds).toBeLessThan(12);
  });

  test('blocks what it leaves once, and tells so', async () => {
    const shop = await openRaced();
    const { result } = await rolledBack(shop);
    expect(result).toMatchObject({ outcome: 'succeeded', gate: { blocks: [{ release: '1.1', state: 'written' }] } });
    expect(blocksIn(shop.gate)).toMatchObject([{ release: '1.1', environment: 'production' }]);
  });

  test.each<readonly [string, (shop: Raced) => void, string]>([
    ['is refused then', (shop) => shop.services.install('web', { app: 'somebody' }), 'preflight-refused'],
    [
      'does not reach the API server any more',
      (shop) => shop.services.faults.at('get', new ClusterError('unreachable', 'the API server does not answer')),
      'cluster-unreachable',
    ],
    ['is stopped by the gate', ({ gate }) => void putBlock(gate, { release: '1.0' }), 'release-blocked'],
  ])('tells of its block also where it %s', async (_, meanwhile, reasonCode) => {
    const shop = await openRaced(meanwhile);
    shop.gate.faults.at('append', AWAY, 100);
    const { result, seconds } = await rolledBack(shop);
    expect(seconds).toBeUndefined();
    expect(result).toMatchObject({ reasonCode, gate: { blocks: [{ release: '1.1', state: 'missing' }] } });
    expect(result.message).toContain('the block of 1.1 is missing');
  });
});
