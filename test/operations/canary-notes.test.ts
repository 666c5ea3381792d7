import { afterAll, afterEach, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { GATE_ENVIRONMENT, gateTask } from '../../src/gate/task.ts';
import { roll } from '../../src/operations/roll.ts';
import type { CheckAnswer, Cluster, LedgerStore } from '../../src/ports.ts';
import { fieldsOf } from '../../src/rollout/loan.ts';
import { createMemoryGate } from '../fakes/memory-gate.ts';
import { blockRecord } from '../gate/sample-records.ts';
import { abort, type CanaryGround, canary, OWN, openCanaryGround, promotion, returned } from './canary-ground.ts';
import { refOf, request } from './shop.ts';

const ground: CanaryGround = await openCanaryGround();
afterAll(() => ground.close());
afterEach(() => ground.clear());

const patch = (spec: object) => ground.cluster.objects.patch('deployments', 'shop', 'web', { spec });
const ledger = async () => (await ground.ledgers.read(refOf('web'))).ledger;
const images = (release: string) => `web=rollkey.test/web:${release}`;
const byHand = { template: { spec: { containers: [{ name: 'web', image: 'rollkey.test/web:9.9' }] } } };

test('a template that somebody puts in while a canary is held is not let go by a run that changes nothing', async () => {
  await ground.install('web', 2);
  await roll(ground.ports, canary('1.1'));
  patch(byHand);
  expect(await roll(ground.ports, abort())).toMatchObject({ outcome: 'failed', changed: false });
  expect(ground.pods()).toEqual({ '1.0': 2, '1.1': 1 });
  expect(ground.deployment().spec.paused).toBe(true);
  expect((await ledger()).loan?.own).toMatchObject(OWN);
});

test.each(['a rollback', 'another release'])('… and %s gives everything back in its one write', async (what) => {
  await ground.install('web', 2);
  await roll(ground.ports, canary('1.1'));
  patch(byHand);
  ground.patches();
  const back = request('1.0', { requested: 'rollback' });
  const next = request('1.2', { images: images('1.2') });
  expect(await roll(ground.ports, what === 'a rollback' ? back : next)).toMatchObject({ outcome: 'succeeded' });
  expect(ground.pods()).toEqual({ [what === 'a rollback' ? '1.0' : '1.2']: 2 });
  expect(fieldsOf(ground.deployment())).toEqual(OWN);
  expect(ground.patches()).toBe(1);
  expect(await ledger()).not.toHaveProperty('loan');
});

test('put back by hand to what it stands beside, everything is given back by the next run', async () => {
  await ground.install('web', 2);
  await roll(ground.ports, canary('1.1'));
  patch({ template: { spec: { containers: [{ name: 'web', image: 'rollkey.test/web:1.0' }] } }, paused: false });
  await roll(ground.ports, abort());
  expect(fieldsOf(ground.deployment())).toEqual(OWN);
  expect(await ledger()).not.toHaveProperty('canary');
});

test('without its ledger, a rollback still lets go of what holds the canary', async () => {
  await ground.install('web', 2);
  await roll(ground.ports, canary('1.1'));
  for (const { metadata } of ground.cluster.objects.list('configMaps', 'shop'))
    ground.cluster.objects.delete('configMaps', 'shop', metadata.name);
  const back = await roll(ground.ports, request('1.0', { requested: 'rollback', timeoutMs: 3_000 }));
  expect(back).toMatchObject({ outcome: 'succeeded' });
  expect(ground.pods()).toEqual({ '1.0': 2 });
  expect(fieldsOf(ground.deployment())).toMatchObject({
    minReadySeconds: 0,
    progressDeadlineSeconds: 600,
    paused: false,
  });
});

test('of two runs that begin canaries at once, the one that is outrun takes no note of the other away', async () => {
  await ground.install('web', 2);
  let other = false;
  const patchWorkload: Cluster['patchWorkload'] = async (ref, body, options) => {
    if (!other && !options?.dryRun) {
      other = true;
      expect(await roll(ground.ports, canary('1.2'))).toMatchObject({ reasonCode: 'canary-held' });
    }
    return ground.ports.cluster.patchWorkload(ref, body, options);
  };
  const late = await roll({ ...ground.ports, cluster: { ...ground.ports.cluster, patchWorkload } }, canary('1.1'));
  expect(late).toMatchObject({ outcome: 'superseded' });
  expect(await ledger()).toMatchObject({
    canary: { release: '1.2', heldSince: expect.any(String) },
    loan: { own: OWN },
  });
  expect(await roll(ground.ports, abort())).toMatchObject({ outcome: 'aborted' });
  await returned(ground);
});

test('a run that gives back late takes no note of the next one away', async () => {
  await ground.install('web', 2);
  let other = false;
  const write: LedgerStore['write'] = async (ref, wanted, version) => {
    if (!other && !wanted.loan && wanted.entries.some(({ release, verifiedAt }) => release === '1.1' && verifiedAt)) {
      other = true;
      expect(await roll(ground.ports, canary('1.2'))).toMatchObject({ reasonCode: 'canary-held' });
    }
    return ground.ledgers.write(ref, wanted, version);
  };
  const limits = { parallelism: 2, order: 'start-first' } as const;
  const ports = { ...ground.ports, ledgers: { ...ground.ledgers, write } };
  await roll(ports, request('1.1', { images: images('1.1'), limits }));
  expect(other).toBe(true);
  expect(await ledger()).toMatchObject({ canary: { release: '1.2' }, loan: { own: OWN } });
});

test('what somebody set beside it does not make what is given back invalid', async () => {
  await ground.install('web', 2);
  await roll(ground.ports, canary('1.1'));
  // Behind the Deployment's own deadline.
  patch({ minReadySeconds: 400 });
  const result = await roll(ground.ports, { ...abort(), timeoutMs: 1_000 });
  expect(result.reasonCode).not.toBe('cluster-rejected');
  expect(fieldsOf(ground.deployment())).toEqual({ ...OWN, minReadySeconds: 400, progressDeadlineSeconds: 700 });
  expect(ground.deployment().spec.template.spec.containers[0]?.image).toBe('rollkey.test/web:1.0');
});

test('bits that admission changes are noted before they are there: cut off right then, the next run knows the canary', async () => {
  await ground.install('web', 4);
  // As a webhook that puts digests in: what is stored is not what was sent.
  const mutated: Cluster['patchWorkload'] = (ref, body, options) => {
    const put = JSON.parse(JSON.stringify(body).replaceAll('"rollkey.test/web:1.1"', '"rollkey.test/web:1.1@mutated"'));
    return ground.ports.cluster.patchWorkload(ref, put as typeof body, options);
  };
  const cut = new AbortController();
  const patchWorkload: Cluster['patchWorkload'] = async (ref, body, options) => {
    const answer = await mutated(ref, body, options);
    if (options?.dryRun) return answer;
    cut.abort();
    throw new ClusterError('unreachable', 'the runner is gone');
  };
  const ports = { ...ground.ports, interrupt: cut.signal, cluster: { ...ground.ports.cluster, patchWorkload } };
  await roll(ports, canary('1.1'));
  const back = await roll(ground.ports, abort());
  expect(back).toMatchObject({ outcome: 'aborted' });
  expect(ground.pods()).toEqual({ '1.0': 4 });
});

test('a Deployment that was made anew is given nothing that was lent to the one before it', async () => {
  await ground.install('web', 2);
  await roll(ground.ports, canary('1.1'));
  ground.cluster.objects.delete('deployments', 'shop', 'web');
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
  await ground.install('web', 2, { strategy, progressDeadlineSeconds: 600 });
  await roll(ground.ports, request('1.2', { images: images('1.2') }));
  expect(fieldsOf(ground.deployment())).toMatchObject({ maxSurge: 1, maxUnavailable: 0, progressDeadlineSeconds: 600 });
  expect(await ledger()).not.toHaveProperty('loan');
  expect(await ledger()).not.toHaveProperty('canary');
});

test('what is blocked while the held pods are looked at is not let go', async () => {
  await ground.install('web', 2);
  await roll(ground.ports, canary('1.1'));
  const gate = createMemoryGate();
  const block = () =>
    gate.append({
      ...{ environment: GATE_ENVIRONMENT, task: gateTask('default', '1.1'), payload: blockRecord({ release: '1.1' }) },
      status: { state: 'failure', description: 'blocked' },
    });
  const look = async (): Promise<CheckAnswer> => {
    await block();
    return { state: 'pass', message: '' };
  };
  const checks = async () => [{ name: 'smoke', early: false, intervalMs: 5, threshold: 1, look }];
  const result = await roll({ ...ground.ports, gate }, promotion('all', { checks, environment: 'production' }));
  expect(result).toMatchObject({ outcome: 'blocked' });
  expect(ground.pods()).toEqual({ '1.0': 2, '1.1': 1 });
});

test('a run that gives back while the next one begins its canary lets nothing of that go', async () => {
  await ground.install('web', 4);
  let calls = 0;
  const getWorkload: Cluster['getWorkload'] = async (ref) => {
    calls += 1;
    // Read at first, and once more to give back.
    if (calls === 2) await beginAndStall();
    return ground.ports.cluster.getWorkload(ref);
  };
  const beginAndStall = async () => {
    const gated = Promise.withResolvers<void>();
    let patches = 0;
    const patchWorkload: Cluster['patchWorkload'] = (ref, body, options) => {
      if (!options?.dryRun) patches += 1;
      if (patches < 3) return ground.ports.cluster.patchWorkload(ref, body, options);
      gated.resolve();
      return new Promise<never>(() => {});
    };
    // What was lent to the first, its own gate, and then the pause.
    void roll({ ...ground.ports, cluster: { ...ground.ports.cluster, patchWorkload } }, canary('1.2', [{ pods: 2 }]));
    await gated.promise;
  };
  const limits = { parallelism: 2, order: 'start-first' } as const;
  const ports = { ...ground.ports, cluster: { ...ground.ports.cluster, getWorkload } };
  await roll(ports, request('1.1', { images: images('1.1'), limits }));
  expect(calls).toBe(2);
  expect(ground.pods()).toEqual({ '1.1': 4, '1.2': 2 });
  expect(fieldsOf(ground.deployment())).toMatchObject({
    maxSurge: 2,
    maxUnavailable: 0,
    minReadySeconds: 2_147_483_646,
  });
  expect(await ledger()).toMatchObject({ canary: { release: '1.2' }, loan: { own: OWN } });
});
