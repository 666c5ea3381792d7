import { describe, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { roll } from '../../src/operations/roll.ts';
import type { TrainRequest } from '../../src/operations/train-request.ts';
import type { Result } from '../../src/result.ts';
import { settle } from '../fakes/fake-clock.ts';
import { CONTINUE, imageOf, openShop, request, type Shop, V10, V11, withImage } from './shop.ts';

/** Rolls, with as much time as it takes. */
async function rolled(shop: Shop, wanted: TrainRequest): Promise<Result> {
  const rolling = roll(shop, wanted);
  rolling.catch(() => {});
  for (let count = 0; count < 20; count++) await shop.clock.advance(1_000);
  return rolling;
}

function deploy(shop: Shop, release: string, refs: readonly string[] = ['web']): Promise<Result> {
  return rolled(shop, request(release, { images: `app=web:${release}`, refs }));
}

const rejected = new ClusterError('rejected', 'deployment shop/api: admission webhook "x" denied the request: no');
const away = new ClusterError('unreachable', 'cluster https://x: connection refused');

describe('one workload', () => {
  test('forward, forward, and back by name', async () => {
    const shop = openShop();
    await deploy(shop, '1.1');
    await deploy(shop, '1.2');
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.2');
    const back = await rolled(shop, request('1.1'));
    expect(back).toMatchObject({ outcome: 'succeeded', mode: 'rollback', previousRelease: '1.2', changed: true });
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.1');
    expect(shop.ledgers.entry('web', '1.2')).toHaveProperty('rolledBackAt');
    expect(shop.ledgers.entry('web', '1.1')).toMatchObject({ mode: 'rollback', replicaSet: { name: 'web-2' } });
  });

  test('is refused to a name that nobody knows, with what became of those that are known', async () => {
    const shop = openShop(['web'], [V10, V11]);
    await rolled(shop, request('1.0'));
    const { reasonCode, message } = await rolled(shop, request('0.9', { requested: 'rollback' }));
    expect([reasonCode, message]).toEqual([
      'release-unknown',
      expect.stringContaining('release 0.9 is not known here (known: 1.0, 1.1 (rolled back))'),
    ]);
  });

  test('the intent stands in the ledger before anything is written', async () => {
    const shop = openShop();
    shop.cluster.faults.at('patch', () => {
      expect(shop.ledgers.entry('web', '1.1')).toMatchObject({ mode: 'deploy', images: { app: 'web:1.1' } });
      expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.0');
    });
    expect((await deploy(shop, '1.1')).outcome).toBe('succeeded');
  });

  test('what was live before Rollkey came is kept, and is good', async () => {
    const shop = openShop();
    const result = await deploy(shop, '1.1');
    expect(result).toMatchObject({ previousRelease: '1.0', lastGoodRelease: '1.0' });
    expect(shop.ledgers.entry('web', '1.0')).toMatchObject({ verifiedAt: '2026-11-21T10:01:00.000Z' });
  });

  test('a ledger that cannot be written before: nothing is touched', async () => {
    const shop = openShop();
    shop.ledgers.faults.at('write', away);
    const result = await deploy(shop, '1.1');
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'cluster-unreachable', changed: false });
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.0');
  });

  test('a verdict that cannot be written is a warning: the rollout has ended all the same', async () => {
    const shop = openShop();
    shop.cluster.faults.at('patch', () => shop.ledgers.faults.at('write', away));
    const result = await deploy(shop, '1.1');
    expect(result).toMatchObject({ outcome: 'succeeded', changed: true });
    expect(result.workloads[0]?.warnings).toEqual([
      'the verdict on 1.1 could not be recorded: cluster https://x: connection refused',
    ]);
  });

  test('a write that the API refuses: said, and the release does not become known by it', async () => {
    const shop = openShop();
    shop.cluster.faults.at('patch', rejected);
    expect(await deploy(shop, '0.9')).toMatchObject({ outcome: 'failed', reasonCode: 'cluster-rejected' });
    // The second try brings what it says, and is no rollback to bits that never ran.
    const again = await rolled(shop, request('0.9', { images: 'app=web:0.9-fixed' }));
    expect(again).toMatchObject({ outcome: 'succeeded', mode: 'deploy' });
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:0.9-fixed');
  });

  test('a write that the API refuses takes no other meaning away from a name', async () => {
    const shop = openShop();
    await deploy(shop, '1.1');
    await deploy(shop, '1.2');
    shop.cluster.faults.at('patch', rejected);
    const wanted = request('1.1', { requested: 'deploy', images: 'app=web:1.1-wrong' });
    expect(await rolled(shop, wanted)).toMatchObject({ outcome: 'failed', reasonCode: 'cluster-rejected' });
    expect(shop.ledgers.entry('web', '1.1')).toMatchObject({ images: { app: 'web:1.1' } });
    shop.cluster.prune('web');
    expect(await rolled(shop, request('1.1', { requested: 'rollback' }))).toMatchObject({ outcome: 'succeeded' });
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.1');
  });

  test('without an answer to the write, what was intended stays on record', async () => {
    const shop = openShop();
    shop.cluster.faults.at('patch', away);
    expect((await deploy(shop, '1.0-b', ['web'])).reasonCode).toBe('cluster-unreachable');
    expect(shop.ledgers.entry('web', '1.0-b')).toMatchObject({ images: { app: 'web:1.0-b' } });
  });

  test('not in time: failed in the ledger, and the cluster is left as it is', async () => {
    const shop = openShop();
    shop.cluster.broken.set('web:1.1', { name: 'app', ready: false, state: { running: {} } });
    const wanted = request('1.1', { images: 'app=web:1.1', timeoutMs: 5_000, update: CONTINUE });
    const result = await rolled(shop, wanted);
    expect(result).toMatchObject({ outcome: 'timed-out', reasonCode: 'timeout', changed: true });
    expect(result.workloads[0]?.cause).toMatchObject({ code: 'not-ready', deadline: 'not complete after 5 s' });
    expect(result.message).toMatch(
      /^deployment\/web: 1\.1 was not complete after 5 s: not ready: .* \(0 of 2 pods available, .*\)$/,
    );
    expect(result.workloads[0]?.pods).toMatchObject({ available: 0, oldAvailable: 2 });
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.1');
    expect(shop.ledgers.entry('web', '1.1')).toHaveProperty('failedAt');
  });

  test('without pods nothing is verified, not even what is live already', async () => {
    const shop = openShop();
    shop.cluster.change('web', (deployment) => ({ ...deployment, spec: { ...deployment.spec, replicas: 0 } }));
    expect(await deploy(shop, '1.1')).toMatchObject({ outcome: 'succeeded', reasonCode: 'nothing-verified' });
    expect(await rolled(shop, request('1.1-again', { images: 'app=web:1.1' }))).toMatchObject({ outcome: 'unchanged' });
    for (const release of ['1.1', '1.1-again'])
      expect(shop.ledgers.entry('web', release)).not.toHaveProperty('verifiedAt');
  });
});

describe('another writer between reading and writing', () => {
  const scaleTo = (shop: Shop, replicas: number) => () =>
    shop.cluster.change('web', (deployment) => ({ ...deployment, spec: { ...deployment.spec, replicas } }));

  test('once: read again, decide again', async () => {
    const shop = openShop();
    shop.cluster.faults.at('patch', scaleTo(shop, 5));
    expect((await deploy(shop, '1.1')).outcome).toBe('succeeded');
    expect(shop.cluster.deployment('web').spec).toMatchObject({ replicas: 5 });
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.1');
    expect(shop.log.warnings).toEqual(['deployment/web: changed by somebody else meanwhile; deciding again']);
  });

  test('twice: superseded, and nothing was written', async () => {
    const shop = openShop();
    shop.cluster.faults.at('patch', scaleTo(shop, 5));
    shop.cluster.faults.at('patch', scaleTo(shop, 6));
    const result = await deploy(shop, '1.1');
    expect(result).toMatchObject({ outcome: 'superseded', changed: false });
    expect(shop.cluster.deployment('web').spec.replicas).toBe(6);
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.0');
    expect(shop.ledgers.entry('web', '1.1')).toHaveProperty('supersededAt');
  });

  test('a second look that decides otherwise is not followed', async () => {
    const shop = openShop(['web'], [V11, V10]);
    const wanted = request('1.1', { images: 'app=web:1.1' });
    shop.cluster.faults.at('patch', () => shop.cluster.change('web', (deployment) => withImage(deployment, 'web:1.1')));
    const result = await rolled(shop, wanted);
    expect(result).toMatchObject({ outcome: 'superseded', changed: false });
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.1');
  });

  test('lines of images for other workloads of the train are no problem the second time', async () => {
    const shop = openShop(['web', 'api']);
    shop.cluster.faults.at('patch', () =>
      shop.cluster.change('web', (deployment) => ({ ...deployment, spec: { ...deployment.spec, replicas: 3 } })),
    );
    const images = 'web/app=web:1.1\napi/app=api:1.1';
    expect(await rolled(shop, request('1.1', { images, refs: ['web', 'api'] }))).toMatchObject({
      outcome: 'succeeded',
    });
    expect(imageOf(shop.cluster.deployment('api'))).toBe('api:1.1');
  });
});

describe('a train', () => {
  const refs = ['web', 'api', 'jobs'];

  test('all are rehearsed before any is written; one refusal leaves all untouched', async () => {
    const shop = openShop(refs);
    shop.cluster.faults.at('rehearse', () => {}, 1);
    shop.cluster.faults.at('rehearse', rejected);
    await expect(deploy(shop, '1.1', refs)).rejects.toBe(rejected);
    for (const name of refs) expect(imageOf(shop.cluster.deployment(name))).toBe('web:1.0');
    expect(shop.ledgers.writes()).toBe(0);
  });

  test('one alone is not rehearsed', async () => {
    const shop = openShop();
    shop.cluster.faults.at('rehearse', rejected);
    expect((await deploy(shop, '1.1')).outcome).toBe('succeeded');
  });

  test('changed by others while it was rehearsed: superseded, nothing written', async () => {
    const shop = openShop(refs);
    shop.cluster.faults.at('rehearse', () => shop.cluster.change('web', (each) => withImage(each, 'web:9')));
    expect(await deploy(shop, '1.1', refs)).toMatchObject({ outcome: 'superseded', changed: false });
    expect(['api', 'jobs'].map((name) => imageOf(shop.cluster.deployment(name)))).toEqual(['web:1.0', 'web:1.0']);
  });

  test('one that the API stops in the middle hides nothing of the others', async () => {
    const shop = openShop(refs);
    shop.cluster.faults.at('patch', () => {}, 1);
    shop.cluster.faults.at('patch', away);
    const result = await deploy(shop, '1.1', refs);
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'cluster-unreachable', changed: true });
    const stopped = result.workloads.find(({ outcome }) => outcome === 'failed');
    expect(stopped).toMatchObject({ pods: { unseen: true }, revision: '' });
    expect(result.workloads.map(({ outcome }) => outcome).sort()).toEqual(['failed', 'succeeded', 'succeeded']);
    expect(result.message).toContain('connection refused');
  });

  test('one that is late does not hold the others', async () => {
    const shop = openShop(refs);
    shop.cluster.idle.add('api');
    const wanted = request('1.1', { images: 'app=web:1.1', refs, timeoutMs: 5_000, update: CONTINUE });
    const result = await rolled(shop, wanted);
    expect(result.outcome).toBe('timed-out');
    expect(result.workloads.map(({ workload, outcome }) => [workload, outcome])).toEqual([
      ['deployment/web', 'succeeded'],
      ['deployment/api', 'timed-out'],
      ['deployment/jobs', 'succeeded'],
    ]);
    expect(shop.ledgers.entry('jobs', '1.1')).toHaveProperty('verifiedAt');
  });

  test('one of them is missing: nothing is touched', async () => {
    const shop = openShop(['web', 'jobs']);
    await expect(deploy(shop, '1.1', refs)).rejects.toMatchObject({ kind: 'not-found' });
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.0');
    expect(shop.ledgers.writes()).toBe(0);
  });

  test('two of them are missing: both are said', async () => {
    const shop = openShop(['web']);
    await expect(deploy(shop, '1.1', refs)).rejects.toThrow(/shop\/api.*\n.*shop\/jobs/);
  });

  test.each([
    ['app=web:1.1\nsidcar=envoy:2', 'images: "sidcar" is no container of this run'],
    ['app=web:1.1\nwbe/app=web:1.1', 'images: "wbe/app" is no container of this run'],
    ['web/app=web:1.1', 'deployment shop/api: images names no container of it'],
  ])('images %j: nothing is touched', async (images, message) => {
    const shop = openShop(['web', 'api']);
    const result = await rolled(shop, request('1.1', { images, refs: ['web', 'api'] }));
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'invalid-input', changed: false });
    expect(result.message).toContain(message);
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.0');
    expect(shop.ledgers.writes()).toBe(0);
  });
});

test('nothing goes on when it has ended', async () => {
  const shop = openShop(['web', 'api']);
  await deploy(shop, '1.1', ['web', 'api']);
  await settle();
  expect([shop.cluster.followers(), shop.clock.sleepers()]).toEqual([0, 0]);
});
