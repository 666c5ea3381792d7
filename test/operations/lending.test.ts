import { describe, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { roll } from '../../src/operations/roll.ts';
import type { TrainRequest } from '../../src/operations/train-request.ts';
import type { Loan, RolloutFields } from '../../src/rollout/loan.ts';
import type { Deployment } from '../../src/rollout/objects.ts';
import type { PatchOperation } from '../../src/rollout/patch.ts';
import { CRASHING, imageOf, openShop, POLICY, request, type Shop } from './shop.ts';

const OWN = { maxSurge: '25%', maxUnavailable: '25%' };
const LIMITS = { parallelism: 1, order: 'start-first', delayMs: 2_000 } as const;
const LENT = { maxSurge: 1, maxUnavailable: 0, minReadySeconds: 2 };

interface Write {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly loan: Loan | undefined;
}

/** A shop whose Deployments roll by shares; `writes` is what each patch sets, with the loan that was noted by then. */
function openLendingShop(): { readonly shop: Shop; readonly writes: readonly Write[] } {
  const shop = openShop();
  const strategy = { type: 'RollingUpdate', rollingUpdate: OWN };
  shop.cluster.change('web', (deployment) => ({ ...deployment, spec: { ...deployment.spec, strategy } }));
  const writes: Write[] = [];
  const patchWorkload: Shop['cluster']['patchWorkload'] = (ref, patch, options) => {
    if (!options?.dryRun) writes.push({ fields: fieldsIn(patch), loan: shop.ledgers.ledger('web').loan });
    return shop.cluster.patchWorkload(ref, patch, options);
  };
  return { shop: { ...shop, cluster: { ...shop.cluster, patchWorkload } }, writes };
}

function fieldsIn(patch: readonly PatchOperation[]): Readonly<Record<string, unknown>> {
  const set = patch.filter(({ op }) => op !== 'test').map(({ path, value }) => [path.split('/').at(-1), value]);
  return Object.fromEntries(set) as Readonly<Record<string, unknown>>;
}

async function rolled(shop: Shop, wanted: TrainRequest, seconds = 30) {
  const rolling = roll(shop, wanted);
  rolling.catch(() => {});
  for (let count = 0; count < seconds; count++) await shop.clock.advance(1_000);
  return rolling;
}

function strategyOf(deployment: Deployment): RolloutFields {
  const { minReadySeconds = 0 } = deployment.spec;
  return { ...deployment.spec.strategy?.rollingUpdate, minReadySeconds };
}

const wanted = (more: object = {}) => request('1.1', { images: 'app=web:1.1', limits: LIMITS, ...more });

describe('what Compose’s keys need of a Deployment', () => {
  test('goes with the template, is noted before, and is given back when the rollout is over', async () => {
    const { shop, writes } = openLendingShop();
    const result = await rolled(shop, wanted());
    expect(result).toMatchObject({ outcome: 'succeeded', workloads: [{ warnings: [] }] });
    expect(shop.log.infos).toContainEqual(expect.stringMatching(/^deployment\/web: delay: counts for each pod/));
    const loan = { uid: 'web-uid', own: { ...OWN, minReadySeconds: 0 }, lent: [LENT] };
    expect(writes).toEqual([
      { fields: expect.objectContaining({ ...LENT, template: expect.anything() }), loan },
      { fields: { ...OWN, minReadySeconds: 0 }, loan },
    ]);
    expect(strategyOf(shop.cluster.deployment('web'))).toEqual({ ...OWN, minReadySeconds: 0 });
    expect(shop.ledgers.ledger('web')).not.toHaveProperty('loan');
  });

  test('is not lent where the Deployment does as much by itself', async () => {
    const { shop, writes } = openLendingShop();
    await rolled(shop, wanted({ limits: { order: 'stop-first', parallelism: 0 } }));
    await rolled(shop, request('1.2', { images: 'app=web:1.2' }));
    expect(writes.map(({ fields }) => Object.keys(fields).sort())).toEqual([
      ['kubernetes.io~1change-cause', 'maxSurge', 'maxUnavailable', 'template'],
      ['maxSurge', 'maxUnavailable'],
      ['kubernetes.io~1change-cause', 'template'],
    ]);
  });

  test('goes back in the same write as a release that fails, however slowly it was to roll', async () => {
    const { shop, writes } = openLendingShop();
    shop.cluster.broken.set('web:1.1', CRASHING);
    expect(await rolled(shop, wanted())).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.0' });
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:1.0');
    expect(writes[1]?.fields).toMatchObject({ maxSurge: '25%', minReadySeconds: 0, template: expect.anything() });
    expect(strategyOf(shop.cluster.deployment('web'))).toEqual({ ...OWN, minReadySeconds: 0 });
    expect(shop.ledgers.ledger('web')).not.toHaveProperty('loan');
  });

  test('a rollback has its own', async () => {
    const { shop, writes } = openLendingShop();
    shop.cluster.broken.set('web:1.1', CRASHING);
    await rolled(shop, wanted({ limits: {}, rollbackLimits: { parallelism: 2, order: 'stop-first' } }));
    await rolled(shop, request('1.2', { images: 'app=web:1.2' }));
    await rolled(shop, request('1.0', { requested: 'rollback', rollbackLimits: { parallelism: 1 } }));
    const slow = writes.map(({ fields }) => fields['maxSurge']).filter((value) => value !== undefined);
    expect(slow).toEqual([0, '25%', 0, '25%']);
    expect(strategyOf(shop.cluster.deployment('web'))).toEqual({ ...OWN, minReadySeconds: 0 });
  });

  test('is given back by the next run where this one was cut off', async () => {
    const { shop } = openLendingShop();
    shop.cluster.faults.at('patch', () => {}, 1);
    shop.cluster.faults.at('patch', () => {
      throw new ClusterError('unreachable', 'connection refused');
    });
    const cut = await rolled(shop, wanted());
    expect(cut.workloads[0]?.warnings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^what was lent .* not given back: connection refused; the next run/),
      ]),
    );
    expect(strategyOf(shop.cluster.deployment('web'))).toEqual(LENT);
    await rolled(shop, request('1.1'));
    expect(strategyOf(shop.cluster.deployment('web'))).toEqual({ ...OWN, minReadySeconds: 0 });
    expect(shop.ledgers.ledger('web')).not.toHaveProperty('loan');
  });

  test('is given back where the run is cancelled', async () => {
    const { shop } = openLendingShop();
    shop.cluster.broken.set('web:1.1', { ...CRASHING, restartCount: 0, state: { running: {} }, lastState: {} });
    const cancel = new AbortController();
    const running = rolled({ ...shop, interrupt: cancel.signal }, wanted(), 10);
    setTimeout(() => cancel.abort(), 20);
    expect(await running).toMatchObject({ outcome: 'cancelled' });
    expect(strategyOf(shop.cluster.deployment('web'))).toEqual({ ...OWN, minReadySeconds: 0 });
  });

  test('what somebody sets meanwhile is theirs, even right before it is given back', async () => {
    const { shop } = openLendingShop();
    shop.cluster.faults.at('patch', () => {}, 1);
    shop.cluster.faults.at('patch', () => {
      const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 7, maxUnavailable: 0 } };
      shop.cluster.change('web', (deployment) => ({ ...deployment, spec: { ...deployment.spec, strategy } }));
    });
    expect(await rolled(shop, wanted())).toMatchObject({ outcome: 'succeeded' });
    const theirs = { ...OWN, maxSurge: 7, minReadySeconds: 0 };
    expect(strategyOf(shop.cluster.deployment('web'))).toEqual(theirs);
    expect(shop.ledgers.ledger('web')).not.toHaveProperty('loan');
  });

  test('is not lent without a ledger, and that is said', async () => {
    const { shop, writes } = openLendingShop();
    shop.ledgers.faults.at('read', () => {
      throw new ClusterError('forbidden', 'configmaps is forbidden');
    });
    const result = await rolled(shop, wanted());
    expect(writes).toEqual([{ fields: expect.not.objectContaining({ maxSurge: 1 }), loan: undefined }]);
    expect(result.workloads[0]?.warnings.join()).toMatch(
      /parallelism, delay and order are not applied: without a ledger/,
    );
  });

  test('stays noted while failure_action has paused the mixed state: a paused Deployment is not resized', async () => {
    const { shop } = openLendingShop();
    shop.cluster.broken.set('web:1.1', CRASHING);
    const paused = await rolled(shop, wanted({ update: { failureAction: 'pause', policy: POLICY } }));
    expect(paused).toMatchObject({ outcome: 'paused' });
    expect(strategyOf(shop.cluster.deployment('web'))).toEqual(LENT);
    await rolled(shop, request('1.0', { requested: 'rollback' }));
    expect(strategyOf(shop.cluster.deployment('web'))).toEqual({ ...OWN, minReadySeconds: 0 });
    expect(shop.cluster.deployment('web').spec.paused).not.toBe(true);
    expect(shop.ledgers.ledger('web')).not.toHaveProperty('loan');
  });
});
