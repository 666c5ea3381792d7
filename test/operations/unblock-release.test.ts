import { describe, expect, test } from '@jest/globals';
import { GitHubError } from '../../src/errors.ts';
import { GATE_ENVIRONMENT, gateTask } from '../../src/gate/task.ts';
import { type UnblockRequest, unblockRelease } from '../../src/operations/unblock-release.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createMemoryGate, type MemoryGate } from '../fakes/memory-gate.ts';
import { putBlock, putDeployed, putUnblock } from './gate-sample.ts';

const RUN_URL = 'https://github.com/octo/shop/actions/runs/1';

const UNBLOCKING: UnblockRequest = {
  ...{ release: '1.1', scope: 'default', block: undefined, reason: 'it was the network' },
  ...{ trust: ['github-actions[bot]'], origin: { actor: 'octocat', runUrl: RUN_URL, runId: '1' } },
};

function unblock(gate: MemoryGate, unblocking: Partial<UnblockRequest> = {}) {
  return unblockRelease({ gate, clock: createFakeClock() }, { ...UNBLOCKING, ...unblocking });
}

test('an unblock says what it lifts, why, by whom and when', async () => {
  const gate = createMemoryGate();
  const block = putBlock(gate);
  const unblocked = await unblock(gate);
  expect(unblocked).toMatchObject({ kind: 'written', lifted: { id: block }, standing: { kind: 'clear' } });
  expect(gate.appended()).toEqual([
    {
      ...{ environment: GATE_ENVIRONMENT, task: gateTask('default', '1.1') },
      payload: {
        ...{ v: 1, kind: 'release-unblock', release: '1.1', scope: 'default', lifts: block, previous: block },
        ...{ reason: 'it was the network', actor: 'octocat', runUrl: RUN_URL, runId: '1' },
        at: '2026-11-21T12:00:00.000Z',
      },
      status: { state: 'inactive', description: 'unblocked: it was the network' },
    },
  ]);
});

describe('which record', () => {
  test('the one that is named', async () => {
    const gate = createMemoryGate();
    const block = putBlock(gate);
    expect(await unblock(gate, { block })).toMatchObject({ kind: 'written', standing: { kind: 'clear' } });
  });

  test('not one that another closes the gate after: that one is told, and nothing is written', async () => {
    const gate = createMemoryGate();
    const [older, newer] = [putBlock(gate), putBlock(gate)];
    expect(await unblock(gate, { block: older })).toMatchObject({ kind: 'refused', closing: { id: newer } });
    expect(gate.appended()).toEqual([]);
  });

  test('not one of another release', async () => {
    const gate = createMemoryGate();
    const [other, own] = [putBlock(gate, { release: '1.2' }), putBlock(gate)];
    expect(await unblock(gate, { block: other })).toMatchObject({ kind: 'refused', closing: { id: own } });
  });

  test('an old unblock that is run again leaves a newer block alone', async () => {
    const gate = createMemoryGate();
    const first = putBlock(gate);
    await unblock(gate, { block: first });
    const second = putBlock(gate);
    expect(await unblock(gate, { block: first })).toMatchObject({ kind: 'refused', closing: { id: second } });
    expect(await unblock(gate, { block: second })).toMatchObject({ kind: 'written', standing: { kind: 'clear' } });
  });
});

describe('nothing is written for what is not blocked', () => {
  test.each<[string, (gate: MemoryGate) => unknown, number | undefined]>([
    ['never', () => {}, undefined],
    ['never, with a record named that never was', () => {}, 77],
    ['no longer', (gate) => putUnblock(gate, putBlock(gate)), undefined],
    ['no longer, with the record named that was lifted', (gate) => putUnblock(gate, putBlock(gate)), 101],
    ['only in another scope', (gate) => putBlock(gate, { scope: 'other' }), undefined],
    ['with the block of another release named', (gate) => putBlock(gate, { release: '1.2' }), 101],
  ])('%s', async (_, given, block) => {
    const gate = createMemoryGate();
    given(gate);
    expect(await unblock(gate, { block })).toEqual({ kind: 'not-blocked' });
    expect(gate.appended()).toEqual([]);
  });
});

describe('records that do not count are lifted by their id, too', () => {
  test.each([
    ['unreadable', { payload: 'owned' }],
    ['of a later version', { payload: { v: 2 } }],
    ['of a foreign writer', { payload: {}, creator: 'mallory', app: '' }],
  ])('%s', async (_, record) => {
    const gate = createMemoryGate();
    const block = gate.put({ environment: GATE_ENVIRONMENT, task: gateTask('default', '1.1'), ...record });
    expect(await unblock(gate, { block })).toMatchObject({
      ...{ kind: 'written', lifted: { kind: 'unreadable', id: block }, standing: { kind: 'clear' } },
    });
  });

  test('deleted, as a later record tells', async () => {
    const gate = createMemoryGate();
    const gone = putBlock(gate);
    putUnblock(gate, gone - 1, { previous: gone });
    gate.remove(gone);
    expect(await unblock(gate, { block: gone })).toMatchObject({ kind: 'written', standing: { kind: 'clear' } });
  });

  test('deleted, as the run that wrote it tells, and not named: as the gate says it', async () => {
    const gate = createMemoryGate();
    const gone = putBlock(gate);
    gate.remove(gone);
    putDeployed(gate, { blocks: [{ id: gone, release: '1.1' }] });
    const why = 'somebody deleted it';
    expect(await unblock(gate)).toMatchObject({
      kind: 'written',
      lifted: { id: gone, why },
      standing: { kind: 'clear' },
    });
  });

  test('deleted, and not the last that was: nothing is written, and the last is told', async () => {
    const gate = createMemoryGate();
    const [older, newer] = [putBlock(gate), putBlock(gate)];
    for (const id of [older, newer]) {
      gate.remove(id);
      putDeployed(gate, { blocks: [{ id, release: '1.1' }] });
    }
    expect(await unblock(gate, { block: older })).toMatchObject({ kind: 'refused', closing: { id: newer } });
    expect(gate.appended()).toEqual([]);
  });

  test('deleted, as the run that wrote it tells', async () => {
    const gate = createMemoryGate();
    const gone = putBlock(gate);
    putDeployed(gate, { running: '1.0', blocks: [{ release: '1.1', id: gone }] });
    gate.remove(gone);
    expect(await unblock(gate, { block: gone })).toMatchObject({
      ...{ kind: 'written', lifted: { kind: 'unreadable', id: gone, why: 'somebody deleted it' } },
      standing: { kind: 'clear' },
    });
    expect(await unblock(gate, { block: gone })).toEqual({ kind: 'not-blocked' });
  });

  describe('deleted, as a run tells that is further back than unblock/ looks', () => {
    function logOfLongAgo(): { readonly gate: MemoryGate; readonly gone: number } {
      const gate = createMemoryGate();
      const gone = putBlock(gate);
      putDeployed(gate, { running: '1.0', blocks: [{ release: '1.1', id: gone }] });
      for (let count = 0; count < 2_000; count++) putDeployed(gate, { environment: 'dev', release: '2.0' });
      gate.remove(gone);
      return { gate, gone };
    }

    test('it is lifted by its id, once', async () => {
      const { gate, gone } = logOfLongAgo();
      expect(await unblock(gate, { block: gone })).toMatchObject({
        ...{ kind: 'written', lifted: { kind: 'unreadable', id: gone, why: 'somebody deleted it' } },
        ...{ presumed: true, standing: { kind: 'clear' } },
      });
      expect(gate.appended()).toMatchObject([{ payload: { lifts: gone } }]);
      expect(gate.requests.length).toBeLessThanOrEqual(8);
      expect(await unblock(gate, { block: gone })).toEqual({ kind: 'not-blocked' });
      expect(gate.appended()).toHaveLength(1);
    });

    test('what nobody names is not looked for', async () => {
      const { gate } = logOfLongAgo();
      expect(await unblock(gate)).toEqual({ kind: 'not-blocked' });
      expect(gate.requests).toHaveLength(2);
    });

    test('a record that is there is not lifted', async () => {
      const { gate, gone } = logOfLongAgo();
      expect(await unblock(gate, { block: gone + 1 })).toEqual({ kind: 'not-blocked' });
    });

    test('a number that no record had yet is not lifted', async () => {
      const { gate } = logOfLongAgo();
      expect(await unblock(gate, { block: 9_999_999_999 })).toEqual({ kind: 'not-blocked' });
      expect(gate.appended()).toEqual([]);
    });

    test('nor is anything where GitHub does not say whether it is there', async () => {
      const { gate, gone } = logOfLongAgo();
      const exists = () => Promise.reject(new GitHubError('unreachable', 'GitHub is away'));
      await expect(unblock({ ...gate, exists }, { block: gone })).rejects.toThrow('GitHub is away');
      expect(gate.appended()).toEqual([]);
    });
  });
});

describe('what closes the gate still is told', () => {
  test('a newer block that somebody deleted, as the run tells that wrote it', async () => {
    const gate = createMemoryGate();
    putBlock(gate);
    const gone = putBlock(gate, { environment: 'production' });
    putDeployed(gate, { environment: 'production', running: '1.0', blocks: [{ release: '1.1', id: gone }] });
    gate.remove(gone);
    expect(await unblock(gate)).toMatchObject({
      ...{ kind: 'written', presumed: false, standing: { kind: 'unreadable', id: gone, why: 'somebody deleted it' } },
    });
    expect(await unblock(gate, { block: gone })).toMatchObject({ kind: 'written', standing: { kind: 'clear' } });
  });

  test('a block is lifted also where GitHub does not say what runs tell', async () => {
    const gate = createMemoryGate();
    putBlock(gate);
    const read: MemoryGate['read'] = (...asked) =>
      asked[0].environment === GATE_ENVIRONMENT
        ? gate.read(...asked)
        : Promise.reject(new GitHubError('unreachable', 'GitHub is away'));
    expect(await unblock({ ...gate, read })).toMatchObject({ kind: 'written', standing: { kind: 'clear' } });
  });

  test('a block that came meanwhile', async () => {
    const gate: MemoryGate = createMemoryGate({
      meanwhile: async (moment) => {
        if (moment === 'record-sent') putBlock(gate, { reason: 'again' });
      },
    });
    putBlock(gate);
    expect(await unblock(gate)).toMatchObject({
      ...{ kind: 'written', standing: { kind: 'blocked', block: { reason: 'again' } } },
    });
  });

  test('the unblock itself, when its writer does not count', async () => {
    const gate = createMemoryGate();
    putBlock(gate);
    const unblocked = await unblock(gate, { trust: ['my-app[bot]'] });
    expect(unblocked).toMatchObject({ kind: 'written', standing: { kind: 'unreadable' } });
    expect(unblocked.kind === 'written' && unblocked.standing).toMatchObject({ id: gate.records()[0]?.id });
  });

  test('an answer of before that shows only the lifted block is asked for again', async () => {
    const gate = createMemoryGate();
    const [clock, block] = [createFakeClock(), putBlock(gate)];
    let stale = 0;
    const read: MemoryGate['read'] = async (...asked) => {
      const records = await gate.read(...asked);
      const isStale = records.length === 2 && stale < 2;
      stale += Number(isStale);
      return isStale ? records.slice(1) : records;
    };
    const unblocking = unblockRelease({ gate: { ...gate, read }, clock }, { ...UNBLOCKING, block });
    for (let count = 0; count < 3; count++) await clock.advance(1_000);
    expect(await unblocking).toMatchObject({ kind: 'written', standing: { kind: 'clear' } });
    expect(stale).toBe(2);
  });
});

test('an error is an error, and nothing is lifted', async () => {
  const gate = createMemoryGate();
  const id = putBlock(gate);
  gate.faults.at('append', new GitHubError('forbidden', 'may not write'));
  await expect(unblock(gate)).rejects.toThrow('may not write');
  expect(gate.records().map((record) => record.id)).toEqual([id]);
});

test('an error after the record was written says that it was', async () => {
  const gate: MemoryGate = createMemoryGate({
    meanwhile: async (moment) => {
      if (moment === 'record-acknowledged') gate.faults.at('read', new GitHubError('unreachable', 'GitHub is away'));
    },
  });
  const id = putBlock(gate);
  await expect(unblock(gate)).rejects.toThrow(`record ${id + 1} is written, but what holds now could not be read`);
});
