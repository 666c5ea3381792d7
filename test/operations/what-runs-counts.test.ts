import { describe, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { roll } from '../../src/operations/roll.ts';
import type { TrainRequest } from '../../src/operations/train-request.ts';
import type { Result } from '../../src/result.ts';
import { CHANGE_CAUSE } from '../../src/rollout/marks.ts';
import { settle } from '../fakes/fake-clock.ts';
import { CONTINUE, CRASHING, imageOf, openShop, request, type Shop, V10, V11, withImage } from './shop.ts';

const denied = new ClusterError('unauthorized', 'deployments in shop: the token has expired; renew it');

async function rolled(shop: Shop, wanted: TrainRequest): Promise<Result> {
  const rolling = roll(shop, wanted);
  rolling.catch(() => {});
  for (let count = 0; count < 20; count++) await shop.clock.advance(1_000);
  return rolling;
}

function deploy(shop: Shop, release: string, image = `web:${release}`): Promise<Result> {
  return rolled(shop, request(release, { images: `app=${image}` }));
}

/** As `kubectl rollout undo` leaves it. */
function undoByHand({ cluster }: Shop, release: string): void {
  cluster.change('web', (deployment) => {
    const annotations = { ...deployment.metadata.annotations, [CHANGE_CAUSE]: release };
    return withImage({ ...deployment, metadata: { ...deployment.metadata, annotations } }, `web:${release}`);
  });
}

function failing(shop: Shop, name: string): void {
  shop.cluster.idle.add(name);
}

describe('the last good release is what runs well', () => {
  test('after an undo by hand and a failed deploy, a rollback without a name goes to what ran, not to what was left', async () => {
    const shop = openShop();
    await deploy(shop, '1.1');
    await deploy(shop, '1.2');
    undoByHand(shop, '1.1');
    failing(shop, 'web');
    expect(
      await rolled(shop, request('1.3', { images: 'app=web:1.3', timeoutMs: 5_000, update: CONTINUE })),
    ).toMatchObject({
      outcome: 'timed-out',
      lastGoodRelease: '1.1',
    });
    shop.cluster.idle.clear();
    const back = await rolled(shop, request('', { requested: 'rollback' }));
    expect(back).toMatchObject({ outcome: 'succeeded', release: '1.1' });
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.1');
  });

  test('after an undo by hand, going up again is a deploy, so that migrations run', async () => {
    const shop = openShop();
    await deploy(shop, '1.1');
    await deploy(shop, '1.2');
    undoByHand(shop, '1.1');
    expect(await rolled(shop, request('1.2'))).toMatchObject({ mode: 'deploy', direction: 'up' });
  });

  test.each(['refused', 'inconclusive'] as const)(
    'what was left, and came back by hand after a run that ended %s, is what a bad release goes back to',
    async (how) => {
      const shop = openShop();
      await deploy(shop, '1.1');
      const unsure = { name: 'errors', early: false, intervalMs: 1_000, threshold: 1 } as const;
      const look = async () => ({ state: 'inconclusive', message: 'no data' }) as const;
      const checks = how === 'inconclusive' ? { checks: async () => [{ ...unsure, look }] } : {};
      await rolled(shop, request('1.0', { requested: 'rollback', ...checks }));
      if (how === 'refused') {
        shop.cluster.faults.at('patch', new ClusterError('rejected', 'a webhook says no'));
        expect(await deploy(shop, '1.1')).toMatchObject({ reasonCode: 'cluster-rejected' });
      }
      undoByHand(shop, '1.1');
      await shop.clock.advance(7 * 24 * 3_600_000);
      shop.cluster.broken.set('web:1.2', CRASHING);
      expect(await deploy(shop, '1.2')).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.1' });
    },
  );

  test('a rollback that ran out of time leaves what it fled all the same', async () => {
    const shop = openShop();
    await deploy(shop, '1.1');
    await deploy(shop, '1.2');
    failing(shop, 'web');
    const fled = await rolled(shop, request('', { requested: 'rollback', timeoutMs: 5_000, update: CONTINUE }));
    expect(fled).toMatchObject({ outcome: 'timed-out', release: '1.1' });
    const again = await rolled(shop, request('', { requested: 'rollback', timeoutMs: 5_000, update: CONTINUE }));
    expect(again.release).toBe('1.0');
  });

  test('other names for the bits that are live are no place to go back to', async () => {
    const shop = openShop();
    await deploy(shop, '1.1');
    await deploy(shop, '1.2', 'web:1.1');
    const back = await rolled(shop, request('', { requested: 'rollback' }));
    expect(back).toMatchObject({ outcome: 'succeeded', release: '1.0', changed: true });
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.0');
  });
});

test('a workload that has the release but not well is waited for, and is not called verified', async () => {
  const shop = openShop(['web', 'api']);
  const both = { refs: ['web', 'api'] };
  await rolled(shop, request('1.1', { ...both, images: 'app=web:1.1' }));
  await deploy(shop, '1.2');
  failing(shop, 'api');
  shop.cluster.change('api', ({ status, ...rest }) => ({ ...rest, status: { ...status, availableReplicas: 0 } }));
  const before = shop.ledgers.entry('api', '1.1')?.verifiedAt;
  const train = await rolled(shop, request('1.1', { ...both, timeoutMs: 5_000, update: CONTINUE }));
  expect(train).toMatchObject({ outcome: 'timed-out', mode: 'rollback' });
  // What was verified before is not made a bad release by what it lacks now.
  expect(shop.ledgers.entry('api', '1.1')).toMatchObject({ verifiedAt: before });
  expect(shop.ledgers.entry('api', '1.1')).not.toHaveProperty('failedAt');
});

test('an error after the write does not say that nothing was changed', async () => {
  const shop = openShop(['web'], [V10, V11]);
  shop.cluster.faults.at('follow workload', denied);
  const result = await rolled(shop, request('1.0', { requested: 'rollback' }));
  expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'cluster-unauthorized', changed: true });
  expect(result.message).toBe(`deployment/web: 1.0 was written, but how it went could not be seen: ${denied.message}`);
  expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.0');
});

test('pods that are available on the old release do not count for the new one', async () => {
  const shop = openShop();
  failing(shop, 'web');
  const result = await rolled(shop, request('1.1', { images: 'app=web:1.1', timeoutMs: 5_000, update: CONTINUE }));
  expect(result.workloads[0]?.pods).toMatchObject({ desired: 2, available: 0 });
});

test('a deadline that ran out between reading and writing is not the deadline of what was written', async () => {
  const shop = openShop(['web'], [V10, V11]);
  const exceeded = {
    type: 'Progressing',
    status: 'False',
    reason: 'ProgressDeadlineExceeded',
    lastUpdateTime: 't9',
  } as const;
  shop.cluster.faults.at('patch', () =>
    shop.cluster.change('web', (deployment) => ({
      ...deployment,
      status: { ...deployment.status, conditions: [exceeded] },
    })),
  );
  failing(shop, 'web');
  const rolling = roll(shop, request('1.0', { requested: 'rollback' }));
  await settle();
  shop.cluster.change('web', (deployment) => ({
    ...deployment,
    status: { ...deployment.status, observedGeneration: deployment.metadata.generation ?? 0 },
  }));
  await shop.clock.advance(1_000);
  shop.cluster.idle.clear();
  shop.cluster.change('web', (deployment) => ({ ...deployment }));
  await shop.clock.advance(1_000);
  expect(await rolling).toMatchObject({ outcome: 'succeeded' });
});

describe('a known release means what it meant', () => {
  test('with its own images again it brings its whole template back', async () => {
    const shop = openShop();
    await deploy(shop, '1.1');
    const variable = { name: 'FLAG', value: 'on' };
    shop.cluster.change('web', (deployment) => {
      const { template } = deployment.spec;
      const containers = template.spec.containers.map((container) => ({ ...container, env: [variable] }));
      return {
        ...deployment,
        spec: { ...deployment.spec, template: { ...template, spec: { ...template.spec, containers } } },
      };
    });
    await deploy(shop, '1.2');
    await rolled(shop, request('1.1'));
    await deploy(shop, '1.2');
    expect(shop.cluster.deployment('web').spec.template.spec.containers[0]).toMatchObject({ env: [variable] });
  });

  test('other images are refused, unless a deploy is demanded', async () => {
    const shop = openShop();
    await deploy(shop, '1.1');
    await deploy(shop, '1.2');
    const unasked = await deploy(shop, '1.2', 'web:other');
    expect(unasked).toMatchObject({ outcome: 'failed', reasonCode: 'mode-refused', changed: false });
    const asked = await rolled(shop, request('1.2', { requested: 'deploy', images: 'app=web:other' }));
    expect(asked).toMatchObject({ outcome: 'succeeded', changed: true });
    expect(asked.workloads[0]?.warnings).toEqual([
      '1.2 is known with app=web:1.2; with mode deploy it comes to mean app=web:other',
    ]);
  });

  test('a redefinition that the API server refuses changes nothing', async () => {
    const shop = openShop();
    await deploy(shop, '1.1');
    await deploy(shop, '1.2');
    shop.cluster.faults.at('patch', new ClusterError('rejected', 'deployment shop/web: a policy says no'));
    await rolled(shop, request('1.1', { requested: 'deploy', images: 'app=web:other' }));
    const back = await rolled(shop, request('', { requested: 'rollback' }));
    expect(back).toMatchObject({ outcome: 'succeeded', release: '1.1' });
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.1');
  });
});
