import { describe, expect, test } from '@jest/globals';
import { GitHubError } from '../../src/errors.ts';
import { deployTask, GATE_ENVIRONMENT, gateTask } from '../../src/gate/task.ts';
import { plan } from '../../src/operations/plan.ts';
import { roll } from '../../src/operations/roll.ts';
import { blockRecord, deployedRecord, unblockRecord } from '../gate/sample-records.ts';
import { deployedIn, type GatedShop, openGatedShop, rolled } from './gate-desk.ts';
import { CONTINUE, CRASHING, imageOf, refOf, request, V10, V11 } from './shop.ts';

const AWAY = new GitHubError('unreachable', 'GitHub at api.github.com does not answer');
const FORBIDDEN = new GitHubError(
  'forbidden',
  'the token may not read deployments: add `permissions: { deployments: read }`',
);

/** Somebody blocks a release. */
function block(shop: GatedShop, release: string, environment = 'staging'): number {
  const payload = blockRecord({ release, environment });
  return shop.gate.put({ environment: GATE_ENVIRONMENT, task: gateTask('default', release), payload });
}

function unblock(shop: GatedShop, release: string, lifts: number): void {
  const payload = unblockRecord(lifts, { release });
  shop.gate.put({ environment: GATE_ENVIRONMENT, task: gateTask('default', release), payload });
}

const imageIn = (shop: GatedShop, name = 'web') => imageOf(shop.cluster.deployment(name));
const deploy = (release: string, more = {}) => request(release, { images: `app=web:${release}`, ...more });

describe('a release that is blocked', () => {
  test('is stopped before anything is written, and the result says why and how to lift it', async () => {
    const shop = openGatedShop();
    const id = block(shop, '1.1');
    const result = await rolled(shop, deploy('1.1', { environment: 'production' }));
    expect(result).toMatchObject({
      ...{ outcome: 'blocked', reasonCode: 'release-blocked', changed: false, mode: 'deploy', previousRelease: '1.0' },
      message: `the gate stopped 1.1, so nothing was changed: 1.1 is blocked in staging by a run of octocat: it crashes (https://github.com/octo/shop/actions/runs/4711); to lift record ${id}: gh workflow run unblock.yml -f release=1.1 -f block=${id} -f reason='…'`,
      gate: { answer: 'closed', closed: { code: 'release-blocked', id }, askedAt: expect.any(String), blocks: [] },
    });
    expect(result.workloads).toMatchObject([{ outcome: 'blocked', changed: false }]);
    expect([imageIn(shop), shop.ledgers.writes(), shop.gate.appended()]).toEqual(['web:1.0', 0, []]);
  });

  test('is stopped also when somebody deleted the block, as the run that wrote it tells', async () => {
    const shop = openGatedShop();
    const id = block(shop, '1.1');
    const payload = deployedRecord({ running: '1.0', outcome: 'rolled-back', blocks: [{ release: '1.1', id }] });
    shop.gate.put({ environment: payload.environment, task: deployTask('default'), payload });
    shop.gate.remove(id);
    const result = await rolled(shop, deploy('1.1', { environment: 'production' }));
    expect(result).toMatchObject({ outcome: 'blocked', reasonCode: 'gate-unreadable', changed: false });
    expect(result.message).toContain(`record ${id} about 1.1 does not count: somebody deleted it`);
    expect(imageIn(shop)).toBe('web:1.0');
  });

  test('passes once it is unblocked', async () => {
    const shop = openGatedShop();
    unblock(shop, '1.1', block(shop, '1.1'));
    expect(await rolled(shop, deploy('1.1'))).toMatchObject({ outcome: 'succeeded', gate: { answer: 'open' } });
  });

  test.each([
    ['a deploy without an environment', deploy('1.2')],
    ['a rollback', request('1.0', { environment: 'production', requested: 'rollback' })],
  ])('%s is stopped by a block that was read, however silent the rest is', async (_, wanted) => {
    const shop = openGatedShop(['web'], [V10, V11]);
    const id = block(shop, wanted.release);
    const read: typeof shop.gate.read = (filter, ...rest) =>
      filter.environment === GATE_ENVIRONMENT ? shop.gate.read(filter, ...rest) : new Promise<never>(() => {});
    const result = await rolled({ ...shop, gate: { ...shop.gate, read } }, wanted);
    expect(result).toMatchObject({ outcome: 'blocked', changed: false, gate: { closed: { id } } });
    expect(imageIn(shop)).toBe('web:1.1');
  });

  test('stops the whole train', async () => {
    const shop = openGatedShop(['web', 'api']);
    block(shop, '1.1');
    const refs = ['web', 'api'];
    const result = await rolled(shop, request('1.1', { images: 'web/app=web:1.1\napi/app=web:1.1', refs }));
    expect(result.workloads.map(({ outcome }) => outcome)).toEqual(['blocked', 'blocked']);
    for (const name of refs) expect(imageIn(shop, name)).toBe('web:1.0');
  });

  test('is not asked about by a plan', async () => {
    const shop = openGatedShop();
    block(shop, '1.1');
    const { gate: _gate, ...ungated } = shop;
    expect(await plan(ungated, deploy('1.1'))).toMatchObject({ outcome: 'planned', gate: { answer: 'not-asked' } });
  });

  test('is asked about after the rehearsal, right before the first write', async () => {
    const shop = openGatedShop(['web', 'api']);
    shop.cluster.faults.at('rehearse', () => {});
    shop.cluster.faults.at('rehearse', () => void block(shop, '1.1'));
    const refs = ['web', 'api'];
    const result = await rolled(shop, request('1.1', { images: 'web/app=web:1.1\napi/app=web:1.1', refs }));
    expect(result.outcome).toBe('blocked');
  });

  test('in another scope it is another release', async () => {
    const shop = openGatedShop();
    block(shop, '1.1');
    expect(await rolled(shop, deploy('1.1', { scope: 'frontend' }))).toMatchObject({ outcome: 'succeeded' });
  });

  test('a record that nobody trusted wrote closes, too, and is named', async () => {
    const shop = openGatedShop();
    const id = shop.gate.put({
      ...{ environment: GATE_ENVIRONMENT, task: gateTask('default', '1.1') },
      ...{ creator: 'mallory', app: '', payload: unblockRecord(1) },
    });
    const result = await rolled(shop, deploy('1.1'));
    expect(result).toMatchObject({ outcome: 'blocked', reasonCode: 'gate-unreadable' });
    expect(result.message).toContain(`record ${id} about 1.1 does not count: mallory wrote it`);
  });
});

describe('the restart of what runs well', () => {
  test.each(['auto', 'redeploy'] as const)('is never stopped by a block (mode %s)', async (requested) => {
    const shop = openGatedShop();
    block(shop, '1.0');
    const result = await rolled(shop, request('1.0', { requested, environment: 'production' }));
    expect(result).toMatchObject({ outcome: 'succeeded', mode: 'redeploy', gate: { answer: 'not-asked' } });
  });

  test('but other bits under its name are', async () => {
    const shop = openGatedShop();
    block(shop, '1.0');
    const result = await rolled(shop, request('1.0', { requested: 'deploy', images: 'app=web:1.0-fixed' }));
    expect(result).toMatchObject({ outcome: 'blocked', changed: false });
  });

  test('but not the restart of what was never seen well', async () => {
    const shop = openGatedShop();
    shop.cluster.broken.set('web:1.1', CRASHING);
    await rolled(shop, deploy('1.1', { update: CONTINUE, timeoutMs: 20_000 }));
    const id = block(shop, '1.1');
    const result = await rolled(shop, request('1.1', { requested: 'redeploy', environment: 'staging' }));
    expect(result).toMatchObject({ outcome: 'blocked', mode: 'redeploy', changed: false, gate: { closed: { id } } });
    expect(result.message).toContain('it is still live on deployment/web (roll back)');
  });

  test('but not where its bits are live under another name: nothing is written, and it does not pass for verified', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    await rolled(shop, request('1.1-again', { images: 'app=web:1.1' }));
    await rolled(shop, deploy('1.2'));
    await rolled(shop, request('1.1-again', { requested: 'rollback', blockOnRollback: false }));
    block(shop, '1.1');
    const result = await rolled(shop, deploy('1.1', { environment: 'production' }));
    expect(result).toMatchObject({ outcome: 'blocked', previousRelease: '1.1-again' });
    expect(deployedIn(shop.gate)).toEqual([]);
  });

  test('nor is a run that only sees a rollout to its end: it goes back once it sees that it failed', async () => {
    const shop = openGatedShop();
    shop.cluster.broken.set('web:1.1', CRASHING);
    const update = { failureAction: 'continue', policy: deploy('1.1').update.policy } as const;
    await rolled(shop, deploy('1.1', { update, timeoutMs: 20_000 }));
    block(shop, '1.1', '');
    const result = await rolled(shop, deploy('1.1'));
    expect(result).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.0', gate: { answer: 'not-asked' } });
    expect(result.gate.blocks).toMatchObject([{ release: '1.1', state: 'stood', reason: 'it crashes' }]);
  });

  test('a blocked release that is live on a part of the train is stopped, and said to be live', async () => {
    const shop = openGatedShop(['web', 'api']);
    await rolled(shop, deploy('1.1'));
    block(shop, '1.1');
    const refs = ['web', 'api'];
    const result = await rolled(shop, request('1.1', { images: 'web/app=web:1.1\napi/app=web:1.1', refs }));
    expect(result.outcome).toBe('blocked');
    expect(result.message).toContain(
      'so nothing was changed, and it is still live on deployment/web (roll back): 1.1 is blocked',
    );
  });
});

describe('a gate that cannot be asked', () => {
  test.each([
    ['away', AWAY],
    ['forbidden', FORBIDDEN],
  ])('%s: it stops a deploy into a named environment, with the line that says what to do', async (_, error) => {
    const shop = openGatedShop();
    shop.gate.faults.at('read', error);
    const result = await rolled(shop, deploy('1.1', { environment: 'production' }));
    expect(result).toMatchObject({ outcome: 'blocked', reasonCode: 'gate-unreadable', changed: false });
    expect(result.message).toContain(error.message);
    expect(result.message).not.toContain('lift record');
    expect(imageIn(shop)).toBe('web:1.0');
  });

  test('without an environment it is one line in the log, and the run goes on', async () => {
    const shop = openGatedShop();
    shop.gate.faults.at('read', FORBIDDEN, 2);
    const result = await rolled(shop, deploy('1.1'));
    expect(result).toMatchObject({ outcome: 'succeeded', gate: { answer: 'unknown', warnings: [] } });
    const said = expect.stringMatching(
      /^going on without the gate, since no environment is named: whether 1\.1 is blocked /,
    );
    expect(shop.log.infos.filter((line) => line.includes(FORBIDDEN.message))).toEqual([said]);
    expect(shop.log.warnings).toEqual([]);
  });

  test('a rollback goes on, and is warned', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    shop.gate.faults.at('read', AWAY, 4);
    const result = await rolled(shop, request('1.0', { environment: 'production', requested: 'rollback' }));
    expect(result).toMatchObject({ outcome: 'succeeded', mode: 'rollback', gate: { answer: 'unknown' } });
    expect(result.gate.warnings).toEqual([`whether 1.0 is blocked could not be asked: ${AWAY.message}`]);
    expect(imageIn(shop)).toBe('web:1.0');
  });

  test.each([
    ['a rollback', 5, request('1.0', { environment: 'production', requested: 'rollback' })],
    ['whoever names no environment', 15, deploy('1.2')],
  ])('that is silent is not waited for by %s for longer than %d s', async (_, seconds, wanted) => {
    const shop = openGatedShop(['web'], [V10, V11]);
    const silent = { ...shop.gate, read: () => new Promise<never>(() => {}) };
    const rolling = roll({ ...shop, gate: silent }, wanted);
    for (let count = 1; count < seconds; count++) await shop.clock.advance(1_000);
    expect(imageIn(shop)).toBe('web:1.1');
    await shop.clock.advance(1_000);
    expect(imageIn(shop)).toBe(`web:${wanted.release}`);
    for (let count = 0; count < 30; count++) await shop.clock.advance(1_000);
    expect(await rolling).toMatchObject({ outcome: 'succeeded', gate: { answer: 'unknown' } });
  });

  test('that is silent does not hold a run that is cancelled', async () => {
    const [shop, stop] = [openGatedShop(), new AbortController()];
    const silent = { ...shop.gate, read: () => new Promise<never>(() => {}) };
    const rolling = roll(
      { ...shop, gate: silent, interrupt: stop.signal },
      deploy('1.1', { environment: 'production' }),
    );
    await shop.clock.advance(2_000);
    stop.abort();
    await shop.clock.advance(0);
    expect(await rolling).toMatchObject({ outcome: 'cancelled', changed: false });
    expect(imageIn(shop)).toBe('web:1.0');
  });

  test('a bug of ours is no answer: nothing is touched', async () => {
    const shop = openGatedShop();
    shop.gate.faults.at('read', new TypeError('x is undefined'));
    await expect(rolled(shop, deploy('1.1'))).rejects.toThrow('x is undefined');
    expect(shop.ledgers.writes()).toBe(0);
  });
});

describe('a rollback', () => {
  test('to a blocked release is stopped', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    const id = block(shop, '1.0');
    const result = await rolled(shop, request('1.0', { requested: 'rollback' }));
    expect(result).toMatchObject({ outcome: 'blocked', mode: 'rollback', gate: { closed: { id } } });
    expect(imageIn(shop)).toBe('web:1.1');
  });

  test('from a blocked release asks about its target alone', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    block(shop, '1.1');
    expect(await rolled(shop, request('1.0', { requested: 'rollback' }))).toMatchObject({ outcome: 'succeeded' });
  });

  test('that is done already writes nothing, so a block of where it is stops nobody', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    await rolled(shop, request('1.0', { requested: 'rollback' }));
    block(shop, '1.0');
    expect(await rolled(shop, request('1.0', { requested: 'rollback' }))).toMatchObject({ outcome: 'unchanged' });
  });

  test('without a name passes over blocked releases', async () => {
    const shop = openGatedShop();
    for (const release of ['1.1', '1.2']) await rolled(shop, deploy(release));
    block(shop, '1.1');
    const result = await rolled(shop, request('', { requested: 'rollback', blockOnRollback: false }));
    expect(result).toMatchObject({ outcome: 'succeeded', release: '1.0' });
    expect(imageIn(shop)).toBe('web:1.0');
  });

  test('without a name tells which releases it passed over, and by which records', async () => {
    const shop = openGatedShop();
    for (const release of ['1.1', '1.2', '1.3']) await rolled(shop, deploy(release));
    block(shop, '1.2');
    const task = gateTask('default', '1.1');
    const foreign = shop.gate.put({ environment: GATE_ENVIRONMENT, task, creator: 'mallory', payload: {} });
    const result = await rolled(shop, request('', { requested: 'rollback' }));
    expect(result).toMatchObject({ outcome: 'succeeded', release: '1.0' });
    expect(result.gate.warnings).toEqual([
      expect.stringMatching(/^1\.2 was passed over: 1\.2 is blocked in staging by a run of octocat: it crashes/),
      `1.1 was passed over: record ${foreign} about 1.1 does not count: mallory wrote it, whom trusted-writers does not name`,
    ]);
  });

  test('without a name, and all blocked, says which', async () => {
    const shop = openGatedShop();
    await rolled(shop, deploy('1.1'));
    block(shop, '1.0');
    const result = await rolled(shop, request('', { requested: 'rollback' }));
    expect(result).toMatchObject({ outcome: 'failed', reasonCode: 'release-unknown', changed: false });
    expect(result.message).toContain('(blocked: 1.0)');
  });

  test('without a name and without an answer goes to the nearest, and is warned', async () => {
    const shop = openGatedShop();
    for (const release of ['1.1', '1.2']) await rolled(shop, deploy(release));
    shop.gate.faults.at('read', AWAY, 10);
    const result = await rolled(shop, request('', { requested: 'rollback', environment: 'production' }));
    expect(result).toMatchObject({ outcome: 'succeeded', release: '1.1', gate: { answer: 'unknown' } });
  });

  test.each([
    ['as it is', () => {}],
    [
      'and has to give back first what an earlier run lent',
      ({ ledgers }: GatedShop) => {
        const loan = { uid: 'web-uid', own: { maxSurge: 2 }, lent: [{ maxSurge: 1 }] };
        ledgers.change('web', (ledger) => ({ ...ledger, loan }));
      },
    ],
  ])('without a name, %s, waits for a silent gate 5 s to find where to, and 5 s before it writes', async (_, owe) => {
    const shop = openGatedShop();
    await rolled(shop, deploy('1.1'));
    owe(shop);
    const silent = { ...shop.gate, read: () => new Promise<never>(() => {}) };
    const rolling = roll({ ...shop, gate: silent }, request('', { requested: 'rollback', environment: 'production' }));
    for (let count = 0; count < 9; count++) await shop.clock.advance(1_000);
    expect(imageIn(shop)).toBe('web:1.1');
    await shop.clock.advance(1_000);
    expect(imageIn(shop)).toBe('web:1.0');
    for (let count = 0; count < 40; count++) await shop.clock.advance(1_000);
    expect(await rolling).toMatchObject({ outcome: 'succeeded', release: '1.0', gate: { answer: 'unknown' } });
    expect(shop.ledgers.ledger('web')).not.toHaveProperty('loan');
  });

  test('without a name asks about a blocked release once, also where it decides again, and about its target each time', async () => {
    const shop = openGatedShop();
    for (const release of ['1.1', '1.2']) await rolled(shop, deploy(release));
    block(shop, '1.1');
    const loan = { uid: 'web-uid', own: { maxSurge: 2 }, lent: [{ maxSurge: 1 }] };
    shop.ledgers.change('web', (ledger) => ({ ...ledger, loan }));
    const before = shop.gate.requests.length;
    const result = await rolled(shop, request('', { requested: 'rollback', blockOnRollback: false }));
    expect(result).toMatchObject({ outcome: 'succeeded', release: '1.0' });
    const asked = shop.gate.requests
      .slice(before)
      .flatMap((each) =>
        each.call === 'read' && each.filter.environment === GATE_ENVIRONMENT ? [each.filter.task] : [],
      );
    const [first, second] = ['1.1', '1.0'].map((release) => gateTask('default', release));
    // The target once more, right before the write.
    expect(asked).toEqual([first, second, second, second]);
  });
});

describe('an automatic rollback', () => {
  test('never goes to a release that is blocked', async () => {
    const shop = openGatedShop();
    await rolled(shop, deploy('1.1'));
    block(shop, '1.1');
    shop.cluster.broken.set('web:1.2', CRASHING);
    const result = await rolled(shop, deploy('1.2'));
    expect(result).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.0' });
    expect(imageIn(shop)).toBe('web:1.0');
  });

  test('goes past as many as are blocked; with nowhere to go it stays, and says so', async () => {
    const shop = openGatedShop();
    for (const release of ['1.1', '1.2']) await rolled(shop, deploy(release));
    for (const release of ['1.0', '1.1', '1.2']) block(shop, release);
    shop.cluster.broken.set('web:1.3', CRASHING);
    const result = await rolled(shop, deploy('1.3'));
    expect(result).toMatchObject({ outcome: 'failed', rolledBackTo: '' });
    expect(result.message).toContain('and 1.2, which was live, is blocked');
  });

  test('waits for no answer, and only what can be read bars it', async () => {
    const shop = openGatedShop();
    await rolled(shop, deploy('1.1'));
    const never = {
      ...shop.gate,
      read: (...asked: Parameters<typeof shop.gate.read>) =>
        asked[0].task === gateTask('default', '1.1') ? new Promise<never>(() => {}) : shop.gate.read(...asked),
    };
    shop.cluster.broken.set('web:1.2', CRASHING);
    const result = await rolled({ ...shop, gate: never }, deploy('1.2'));
    expect(result).toMatchObject({ outcome: 'rolled-back', rolledBackTo: '1.1' });
  });

  test('a train asks once for each release it may return to', async () => {
    const shop = openGatedShop(['web', 'api']);
    const refs = ['web', 'api'];
    shop.cluster.broken.set('web:1.1', CRASHING);
    await rolled(shop, request('1.1', { images: 'web/app=web:1.1\napi/app=web:1.1', refs }));
    const asked = shop.gate.requests.filter((each) => each.call === 'read').map(({ filter }) => filter.task);
    expect(asked.filter((task) => task === gateTask('default', '1.0'))).toHaveLength(1);
    expect(shop.cluster.deployment(refOf('api').name)).toBeDefined();
  });
});

test('without a token nothing is asked, blocked or recorded', async () => {
  const shop = openGatedShop();
  const { gate, ...ungated } = shop;
  block(shop, '1.1');
  shop.cluster.broken.set('web:1.1', CRASHING);
  const result = await rolled(ungated, deploy('1.1', { environment: 'production' }));
  expect(result).toMatchObject({ outcome: 'rolled-back', gate: { answer: 'off', blocks: [], warnings: [] } });
  expect([gate.requests, gate.appended()]).toEqual([[], []]);
});
