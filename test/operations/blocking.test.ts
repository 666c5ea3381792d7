import { describe, expect, test } from '@jest/globals';
import { ClusterError, GitHubError } from '../../src/errors.ts';
import { GATE_ENVIRONMENT, gateTask } from '../../src/gate/task.ts';
import { openBlocking } from '../../src/operations/blocking.ts';
import { roll } from '../../src/operations/roll.ts';
import type { OwedBlock } from '../../src/operations/roll-workload.ts';
import type { TrainRequest } from '../../src/operations/train-request.ts';
import { unblockRelease } from '../../src/operations/unblock-release.ts';
import { blockRecord, unblockRecord } from '../gate/sample-records.ts';
import { blocksIn, deployedIn, type GatedShop, openGatedShop, rolled } from './gate-desk.ts';
import { putBlock, putDeployed } from './gate-sample.ts';
import { CRASHING, imageOf, openShop, POLICY, request, V10, V11, withImage } from './shop.ts';

const AWAY = new GitHubError('unreachable', 'GitHub at api.github.com does not answer');
const FORBIDDEN = new GitHubError(
  'forbidden',
  'the token may not write deployments: add `permissions: { deployments: write }`',
);
const RUN = { runId: '17', runUrl: 'https://github.com/octo/shop/actions/runs/17', environment: 'staging' };

const deploy = (release: string, more = {}) => request(release, { images: `app=web:${release}`, ...RUN, ...more });
const imageIn = (shop: GatedShop, name = 'web') => imageOf(shop.cluster.deployment(name));

/** A shop on 1.1, in which 1.2 crashes. */
async function openBrokenShop(): Promise<GatedShop> {
  const shop = openGatedShop(['web'], [V10, V11]);
  shop.cluster.broken.set('web:1.2', CRASHING);
  return shop;
}

describe('a release that fails and is rolled back', () => {
  test('is blocked, and the one that is restored is not', async () => {
    const shop = await openBrokenShop();
    const result = await rolled(shop, deploy('1.2'));
    expect(result).toMatchObject({
      ...{ outcome: 'rolled-back', rolledBackTo: '1.1' },
      gate: { blocks: [{ release: '1.2', state: 'written', id: expect.any(Number), problem: '' }], warnings: [] },
    });
    expect(blocksIn(shop.gate)).toEqual([
      {
        ...{ v: 1, kind: 'release-block', release: '1.2', scope: 'default', environment: 'staging' },
        ...{ actor: 'octocat', runUrl: RUN.runUrl, runId: '17', at: expect.any(String) },
        reason: expect.stringMatching(/^deployment\/web: 1\.2 failed: container app exits 3/),
      },
    ]);
  });

  test('is blocked before the undo is written, which waits for nothing', async () => {
    const shop = await openBrokenShop();
    const happened: string[] = [];
    const gate = {
      ...shop.gate,
      append: (...said: Parameters<typeof shop.gate.append>) => {
        happened.push(`append ${said[0].payload.kind}`);
        return said[0].payload.kind === 'release-block' ? new Promise<never>(() => {}) : shop.gate.append(...said);
      },
    };
    shop.cluster.faults.at('patch', () => void happened.push('deploy'));
    shop.cluster.faults.at('patch', () => void happened.push('undo'));
    const rolling = roll({ ...shop, gate }, deploy('1.2'));
    for (let count = 0; count < 10; count++) await shop.clock.advance(1_000);
    expect(happened).toEqual(['deploy', 'append release-block', 'undo']);
    expect(imageIn(shop)).toBe('web:1.1');
    for (let count = 0; count < 30; count++) await shop.clock.advance(1_000);
    expect(await rolling).toMatchObject({ outcome: 'rolled-back', gate: { blocks: [{ state: 'missing' }] } });
  });

  test('names the newest record about it', async () => {
    const shop = await openBrokenShop();
    const about = { environment: GATE_ENVIRONMENT, task: gateTask('default', '1.2') };
    const old = shop.gate.put({ ...about, payload: blockRecord({ release: '1.2' }) });
    const lift = shop.gate.put({ ...about, payload: unblockRecord(old, { release: '1.2', previous: old }) });
    await rolled(shop, deploy('1.2'));
    expect(blocksIn(shop.gate).at(-1)).toMatchObject({ release: '1.2', previous: lift });
  });

  test('is blocked also where there is nothing to go back to', async () => {
    const shop = openGatedShop(['web'], [V10]);
    shop.cluster.idle.add('web');
    shop.cluster.change('web', (deployment) => withImage(deployment, 'web:0.9'));
    shop.cluster.idle.delete('web');
    shop.cluster.broken.set('web:1.1', CRASHING);
    const result = await rolled(shop, deploy('1.1'));
    expect(result).toMatchObject({ outcome: 'failed', gate: { blocks: [{ release: '1.1', state: 'written' }] } });
    expect(result.workloads[0]?.rollback?.state).toBe('impossible');
  });

  test('is blocked also where the way back fails', async () => {
    const shop = await openBrokenShop();
    shop.cluster.faults.at('list pods', () => void shop.cluster.broken.set('web:1.1', CRASHING));
    const result = await rolled(shop, deploy('1.2'));
    expect(result.outcome).toBe('rollback-failed');
    expect(blocksIn(shop.gate)).toMatchObject([{ release: '1.2' }]);
  });

  test('a train whose workloads ran different releases: neither of those is blocked', async () => {
    const shop = openGatedShop(['web', 'api']);
    await rolled(shop, request('1.1', { refs: ['api'], images: 'api/app=web:1.1' }));
    shop.cluster.broken.set('web:1.2', CRASHING);
    const refs = ['web', 'api'];
    const result = await rolled(shop, request('1.2', { ...RUN, refs, images: 'web/app=web:1.2\napi/app=web:1.2' }));
    expect([result.outcome, imageIn(shop), imageIn(shop, 'api')]).toEqual(['rolled-back', 'web:1.0', 'web:1.1']);
    expect(blocksIn(shop.gate)).toMatchObject([{ release: '1.2' }]);
    expect(deployedIn(shop.gate)).toMatchObject([{ running: '', verified: false }]);
  });

  test.each<readonly [string, Partial<TrainRequest>]>([
    ['failure_action pause', { update: { failureAction: 'pause', policy: POLICY } }],
    ['failure_action continue', { update: { failureAction: 'continue', policy: POLICY }, timeoutMs: 20_000 }],
    ['block-on-rollback false', { blockOnRollback: false }],
  ])('%s: nothing is blocked', async (_, more) => {
    const shop = await openBrokenShop();
    const result = await rolled(shop, deploy('1.2', more));
    expect(result.outcome).not.toBe('succeeded');
    expect([result.gate.blocks, blocksIn(shop.gate)]).toEqual([[], []]);
  });

  test('the restart of a release that fails goes back to the same one, and blocks nothing', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    shop.cluster.faults.at('patch', () => void shop.cluster.broken.set('web:1.1', CRASHING));
    shop.cluster.faults.at('list pods', () => void shop.cluster.broken.delete('web:1.1'));
    const result = await rolled(shop, request('1.1', RUN));
    expect(result).toMatchObject({ mode: 'redeploy', outcome: 'rolled-back', rolledBackTo: '1.1' });
    expect(blocksIn(shop.gate)).toEqual([]);
  });

  test('no verdict, no block: the API is away', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    shop.cluster.faults.at('follow workload', new ClusterError('forbidden', 'no'), 10);
    expect((await rolled(shop, deploy('1.2'))).outcome).toBe('failed');
    expect(blocksIn(shop.gate)).toEqual([]);
  });

  test('what its containers said that looks like a credential is not in the record', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    const message = 'cannot connect: postgres://app:hunter2-very-secret@db/shop';
    shop.cluster.broken.set('web:1.2', {
      ...CRASHING,
      lastState: { terminated: { exitCode: 3, reason: 'Error', message } },
    });
    await rolled(shop, deploy('1.2'));
    expect(blocksIn(shop.gate)).toHaveLength(1);
    expect(JSON.stringify(shop.gate.records())).not.toContain('hunter2');
  });
});

describe('a rollback that is asked for', () => {
  test('blocks what it leaves, for the reason that is given', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    const result = await rolled(shop, request('1.0', { ...RUN, reason: 'prices are wrong' }));
    expect(result).toMatchObject({ outcome: 'succeeded', mode: 'rollback', gate: { blocks: [{ release: '1.1' }] } });
    expect(blocksIn(shop.gate)).toMatchObject([{ release: '1.1', reason: 'prices are wrong' }]);
  });

  test('sends the block before it writes, in one request', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    let before: readonly unknown[] = [];
    shop.cluster.faults.at('patch', () => {
      before = blocksIn(shop.gate);
    });
    await rolled(shop, request('1.0', RUN));
    expect(before).toMatchObject([{ release: '1.1', reason: 'rolled back to 1.0' }]);
  });

  test('with block-on-rollback false, a planned downgrade blocks nothing', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    const result = await rolled(shop, request('1.0', { ...RUN, blockOnRollback: false }));
    expect([result.outcome, blocksIn(shop.gate)]).toEqual(['succeeded', []]);
  });

  test('repeated, it leaves nothing and blocks nothing more', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    await rolled(shop, request('1.0', { ...RUN, requested: 'rollback' }));
    await rolled(shop, request('1.0', { ...RUN, requested: 'rollback' }));
    expect(blocksIn(shop.gate)).toMatchObject([{ release: '1.1' }]);
  });

  test('what is blocked already gets no second block', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    const about = { environment: GATE_ENVIRONMENT, task: gateTask('default', '1.1') };
    const id = shop.gate.put({ ...about, payload: blockRecord() });
    const result = await rolled(shop, request('1.0', RUN));
    expect(result.gate.blocks).toMatchObject([{ release: '1.1', state: 'stood', id }]);
    expect(blocksIn(shop.gate)).toHaveLength(1);
    expect(deployedIn(shop.gate)).toMatchObject([{ blocks: [] }]);
  });

  test.each([
    ['staging', 'production', true],
    ['production', 'Production', false],
    ['', 'production', false],
    ['production', '', true],
  ])('what is blocked in %j, and proved bad in %j: is it blocked once more? %j', async (before, environment, again) => {
    const shop = openGatedShop(['web'], [V10, V11]);
    const about = { environment: GATE_ENVIRONMENT, task: gateTask('default', '1.1') };
    const id = shop.gate.put({ ...about, payload: blockRecord({ environment: before }) });
    const result = await rolled(shop, request('1.0', { ...RUN, environment }));
    expect(result.gate.blocks).toMatchObject([{ release: '1.1', state: again ? 'written' : 'stood' }]);
    expect(blocksIn(shop.gate).slice(1)).toMatchObject(again ? [{ release: '1.1', environment, previous: id }] : []);
  });

  test('what was verified here since it was blocked is blocked once more', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    const id = putBlock(shop.gate);
    putDeployed(shop.gate);
    const result = await rolled(shop, request('1.0', RUN));
    expect(result.gate.blocks).toMatchObject([{ release: '1.1', state: 'written' }]);
    expect(blocksIn(shop.gate).slice(1)).toMatchObject([{ release: '1.1', environment: 'staging', previous: id }]);
  });

  test.each([
    ['a run took it back since', { running: '1.0', outcome: 'rolled-back' }, 'stood'],
    ['GitHub does not say what runs there', AWAY, 'written'],
  ] as const)('what is blocked already, where %s', async (_, since, state) => {
    const shop = openGatedShop(['web'], [V10, V11]);
    putBlock(shop.gate);
    if (!(since instanceof Error)) putDeployed(shop.gate, since);
    const read: typeof shop.gate.read = (...asked) =>
      since instanceof Error && asked[0].environment !== GATE_ENVIRONMENT
        ? Promise.reject(since)
        : shop.gate.read(...asked);
    const result = await rolled({ ...shop, gate: { ...shop.gate, read } }, request('1.0', RUN));
    expect(result.gate.blocks).toMatchObject([{ release: '1.1', state }]);
  });

  test('where a block below another says it already, that other is named, which unblock/ takes', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    putBlock(shop.gate);
    const id = putBlock(shop.gate, { environment: 'production', reason: 'prices are wrong' });
    const { gate } = await rolled(shop, request('1.0', RUN));
    expect(gate.blocks).toMatchObject([{ release: '1.1', state: 'stood', id, reason: 'prices are wrong' }]);
    const origin = { actor: 'octocat', runUrl: RUN.runUrl, runId: RUN.runId };
    const trust = ['github-actions[bot]'];
    const lift = { ...{ release: '1.1', scope: 'default', block: gate.blocks[0]?.id }, reason: 'x', trust, origin };
    expect(await unblockRelease(shop, lift)).toMatchObject({ kind: 'written', standing: { kind: 'clear' } });
  });

  test('a block by this run that is there already counts as ours, whatever was blocked since', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    const about = { environment: GATE_ENVIRONMENT, task: gateTask('default', '1.1') };
    const ours = shop.gate.put({ ...about, payload: blockRecord({ runId: RUN.runId }) });
    shop.gate.put({ ...about, payload: blockRecord({ environment: 'production' }) });
    const result = await rolled(shop, request('1.0', RUN));
    expect(result.gate.blocks).toMatchObject([{ release: '1.1', state: 'written', id: ours }]);
    expect(blocksIn(shop.gate)).toHaveLength(2);
  });

  test('up again from what a rollback restored: neither is blocked', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    await rolled(shop, request('1.0', { ...RUN, requested: 'rollback' }));
    const [first] = shop.gate.records().filter(({ environment }) => environment === GATE_ENVIRONMENT);
    const about = { environment: GATE_ENVIRONMENT, task: gateTask('default', '1.1') };
    shop.gate.put({ ...about, payload: unblockRecord(first?.id ?? 0) });
    const result = await rolled(shop, request('1.1', { ...RUN, requested: 'rollback' }));
    expect([result.outcome, imageIn(shop), result.gate.blocks]).toEqual(['succeeded', 'web:1.1', []]);
    expect(blocksIn(shop.gate)).toMatchObject([{ release: '1.1' }]);
  });

  test.each([
    ['demanded', { requested: 'rollback' }],
    ['calculated', { images: 'app=web:1.1' }],
  ] as const)('that goes further back than one (%s) blocks what it leaves, and nothing in between', async (_, more) => {
    const shop = openGatedShop();
    for (const release of ['1.1', '1.2', '1.3']) await rolled(shop, deploy(release));
    const result = await rolled(shop, request('1.1', { ...RUN, ...more }));
    expect([result.outcome, result.mode, imageIn(shop)]).toEqual(['succeeded', 'rollback', 'web:1.1']);
    expect(blocksIn(shop.gate)).toMatchObject([{ release: '1.3' }]);
    expect(await rolled(shop, deploy('1.2'))).toMatchObject({ outcome: 'succeeded', gate: { answer: 'open' } });
  });

  test('is not what a lower release is that was never here, a hotfix of an old line: nothing is blocked', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    const result = await rolled(shop, deploy('1.0.5'));
    expect(result).toMatchObject({ outcome: 'succeeded', mode: 'deploy', direction: 'down' });
    expect(blocksIn(shop.gate)).toEqual([]);
  });

  test('what is live without a name cannot be blocked', async () => {
    const shop = openGatedShop(['web'], [V10, { image: 'web:x' }]);
    await rolled(shop, request('1.0', { ...RUN, requested: 'rollback' }));
    expect([imageIn(shop), blocksIn(shop.gate)]).toEqual(['web:1.0', []]);
  });

  test('a train blocks each release that it leaves, and none that it returns to', async () => {
    const shop = openGatedShop(['web', 'api', 'jobs']);
    const refs = ['web', 'api', 'jobs'];
    for (const [release, names] of [
      ['1.1', ['web', 'api']],
      ['1.2', ['web']],
    ] as const)
      await rolled(
        shop,
        request(release, { refs: names, images: names.map((name) => `${name}/app=web:${release}`).join('\n') }),
      );
    const result = await rolled(shop, request('1.0', { ...RUN, requested: 'rollback', refs }));
    expect(result.outcome).toBe('succeeded');
    expect(result.gate.blocks.map(({ release }) => release).toSorted()).toEqual(['1.1', '1.2']);
    expect(deployedIn(shop.gate)).toMatchObject([{ running: '1.0', blocks: [{ release: '1.2' }, { release: '1.1' }] }]);
  });

  test('decided again after somebody was faster, it blocks what it was asked to leave, and not what nobody judged', async () => {
    const shop = openGatedShop(['web'], [V10, V11]);
    const newer = JSON.stringify(withImage(shop.cluster.deployment('web'), 'web:1.3').spec.template).replaceAll(
      '"rollkey.dev/release":"1.1"',
      '"rollkey.dev/release":"1.3"',
    );
    shop.cluster.faults.at('patch', () =>
      shop.cluster.change('web', (deployment) => ({
        ...deployment,
        metadata: {
          ...deployment.metadata,
          annotations: { ...deployment.metadata.annotations, 'kubernetes.io/change-cause': '1.3' },
        },
        spec: { ...deployment.spec, template: JSON.parse(newer) },
      })),
    );
    const result = await rolled(shop, request('1.0', { ...RUN, requested: 'rollback' }));
    expect([result.outcome, imageIn(shop)]).toEqual(['succeeded', 'web:1.0']);
    expect(result.gate.blocks.map(({ release }) => release)).toEqual(['1.1']);
  });
});

describe('GitHub is away when a block is due', () => {
  test('for a moment: the undo goes on, and the block is written after all', async () => {
    const shop = await openBrokenShop();
    shop.gate.faults.at('append', AWAY, 3);
    const result = await rolled(shop, deploy('1.2'));
    expect(result).toMatchObject({ outcome: 'rolled-back', gate: { blocks: [{ state: 'written' }] } });
    expect(result.message).not.toContain('missing');
  });

  test('the answer alone is lost: the one block that is there counts as ours', async () => {
    const shop = await openBrokenShop();
    let lost = 1;
    const gate = {
      ...shop.gate,
      append: async (...said: Parameters<typeof shop.gate.append>) => {
        const id = await shop.gate.append(...said);
        if (said[0].payload.kind === 'release-block' && lost-- > 0) throw AWAY;
        return id;
      },
    };
    const result = await rolled({ ...shop, gate }, deploy('1.2'));
    expect(blocksIn(shop.gate)).toHaveLength(1);
    expect(result.gate.blocks).toMatchObject([{ state: 'written', problem: '' }]);
  });

  test('for good: the undo is as quick as ever, and 20 s after it the result says what is missing', async () => {
    const shop = await openBrokenShop();
    let undone = 0;
    shop.cluster.faults.at('patch', () => {});
    shop.cluster.faults.at('patch', () => {
      undone = shop.clock.now();
    });
    shop.cluster.faults.at('list pods', () => shop.gate.faults.at('read', AWAY, 100));
    shop.gate.faults.at('append', AWAY, 100);
    const begin = shop.clock.now();
    let ended = 0;
    const rolling = roll(shop, deploy('1.2')).finally(() => {
      ended = shop.clock.now();
    });
    for (let count = 0; count < 60; count++) await shop.clock.advance(1_000);
    const result = await rolling;
    expect(undone - begin).toBeLessThan(12_000);
    expect(ended - undone).toBeGreaterThanOrEqual(20_000);
    expect(ended - undone).toBeLessThan(24_000);
    expect(result).toMatchObject({
      outcome: 'rolled-back',
      rolledBackTo: '1.1',
      gate: { blocks: [{ state: 'missing' }] },
    });
    expect(result.message).toContain(
      "rolled back to 1.1; the block of 1.2 is missing, so it may enter the next environment; to block it: gh workflow run block.yml -R octo/shop -f release=1.2 -f environment=staging -f reason='…'",
    );
    expect(result.gate.blocks[0]?.problem).toBe(AWAY.message);
  });

  test('for good, while a request tries again and again by itself: what came of its tries is told', async () => {
    const shop = await openBrokenShop();
    const trying: typeof shop.gate.append = (record, signal) =>
      record.payload.kind === 'release-block'
        ? new Promise((_, reject) => signal?.addEventListener('abort', () => reject(AWAY)))
        : shop.gate.append(record, signal);
    const result = await rolled({ ...shop, gate: { ...shop.gate, append: trying } }, deploy('1.2'));
    expect(result.gate.blocks).toMatchObject([{ state: 'missing', problem: AWAY.message }]);
  });

  test.each([
    ['five minutes', 300_000, [0, 300, 600]],
    ['less than our own pause', 10, [0, 1, 3]],
  ])('and says to come again after %s: that long it is left alone', async (_, retryAfterMs, triedAt) => {
    const shop = openGatedShop(['web'], [V10, V11]);
    const begin = shop.clock.now();
    const tried: number[] = [];
    const read = async () => {
      tried.push((shop.clock.now() - begin) / 1000);
      throw new GitHubError('limited', 'no more requests for now', { retryAfterMs });
    };
    const blocking = openBlocking({ ...shop, gate: { ...shop.gate, read } }, request('1.0', RUN));
    blocking.begin('1.1', 'it crashes');
    for (let count = 0; count < 700; count++) await shop.clock.advance(1_000);
    expect(tried.slice(0, 3)).toEqual(triedAt);
    const settling = blocking.settled();
    for (let count = 0; count < 21; count++) await shop.clock.advance(1_000);
    expect(await settling).toMatchObject([{ state: 'missing', problem: 'no more requests for now' }]);
  });

  test('a token without the right is refused once, and not tried again', async () => {
    const shop = await openBrokenShop();
    const owed: (readonly OwedBlock[])[] = [];
    shop.gate.faults.at('append', FORBIDDEN, 100);
    const begin = shop.clock.now();
    let ended = 0;
    const ports = { ...shop, rememberBlocks: (all: readonly OwedBlock[]) => void owed.push(all) };
    const rolling = roll(ports, deploy('1.2', { environment: '' })).finally(() => {
      ended = shop.clock.now();
    });
    for (let count = 0; count < 40; count++) await shop.clock.advance(1_000);
    expect((await rolling).gate.blocks).toMatchObject([{ state: 'missing', problem: FORBIDDEN.message }]);
    expect(shop.gate.requests.filter(({ call }) => call === 'append')).toHaveLength(1);
    expect(ended - begin).toBeLessThan(12_000);
    // The post step cannot do better.
    expect(owed.at(-1)).toEqual([]);
  });

  test('a token without any right: the line that is missing is that of the write', async () => {
    const shop = await openBrokenShop();
    shop.gate.faults.at('read', new GitHubError('forbidden', 'the token may not read'), 100);
    shop.gate.faults.at('append', FORBIDDEN, 100);
    const { gate } = await rolled(shop, deploy('1.2', { environment: '' }));
    expect(gate.blocks).toMatchObject([{ state: 'missing', problem: FORBIDDEN.message }]);
  });

  test('what is owed is kept from the beginning, and no longer once it is written or was told to be missing', async () => {
    for (const times of [1, 100]) {
      const shop = await openBrokenShop();
      const owed: (readonly OwedBlock[])[] = [];
      shop.gate.faults.at('append', AWAY, times);
      await rolled({ ...shop, rememberBlocks: (all) => owed.push(all) }, deploy('1.2', { environment: '' }), 60);
      expect(owed[0]).toEqual([{ release: '1.2', reason: expect.stringContaining('failed') }]);
      expect(owed.at(-1)).toEqual([]);
    }
  });

  test('a cancelled run waits no more than a moment, and keeps what it owes', async () => {
    const stop = new AbortController();
    const owed: (readonly OwedBlock[])[] = [];
    const shop = {
      ...(await openBrokenShop()),
      interrupt: stop.signal,
      rememberBlocks: (all: readonly OwedBlock[]) => void owed.push(all),
    };
    shop.gate.faults.at('append', AWAY, 100);
    shop.cluster.faults.at('patch', () => {});
    shop.cluster.faults.at('patch', () => stop.abort());
    let ended = 0;
    const rolling = roll(shop, deploy('1.2')).finally(() => {
      ended = shop.clock.now();
    });
    let stopped = 0;
    stop.signal.addEventListener('abort', () => {
      stopped = shop.clock.now();
    });
    for (let count = 0; count < 30; count++) await shop.clock.advance(500);
    expect((await rolling).outcome).toBe('cancelled');
    expect(ended - stopped).toBeLessThanOrEqual(4_000);
    expect(owed.at(-1)).toMatchObject([{ release: '1.2' }]);
  });
});

test('a gate that was never opened blocks nothing', async () => {
  const shop = openShop(['web'], [V10, V11]);
  const { gate } = await rolled(shop, request('1.0', RUN));
  expect(gate).toEqual({ answer: 'off', blocks: [], unblocked: ['1.1'], warnings: [] });
});
