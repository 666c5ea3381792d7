import { describe, expect, test } from '@jest/globals';
import { GitHubError } from '../../src/errors.ts';
import { plainLine } from '../../src/foreign/plain-text.ts';
import type { DeployedRecord } from '../../src/gate/record.ts';
import { GATE_ENVIRONMENT, gateTask } from '../../src/gate/task.ts';
import { type BlockRequest, blockRelease } from '../../src/operations/block-release.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createLogBook } from '../fakes/log-book.ts';
import { createMemoryGate, type MemoryGate } from '../fakes/memory-gate.ts';
import { HOSTILE } from '../report/hostile.ts';
import { putBlock, putDeployed, putUnblock } from './gate-sample.ts';

const RUN_URL = 'https://github.com/octo/shop/actions/runs/1';

const BLOCKING: BlockRequest = {
  ...{ release: '1.1', scope: 'default', environment: 'staging', reason: 'pods crash' },
  ...{ trust: ['github-actions[bot]'], origin: { actor: 'octocat', runUrl: RUN_URL, runId: '1' } },
};

function block(gate: MemoryGate, blocking: Partial<BlockRequest> = {}, log = createLogBook()) {
  return blockRelease({ gate, clock: createFakeClock(), log }, { ...BLOCKING, ...blocking });
}

test('a block says what, where, why, by whom and when', async () => {
  const gate = createMemoryGate();
  const { id, changed, standing } = await block(gate);
  expect(changed).toBe(true);
  expect(standing).toMatchObject({ kind: 'blocked', id });
  expect(gate.appended()).toEqual([
    {
      ...{ environment: GATE_ENVIRONMENT, task: gateTask('default', '1.1') },
      payload: {
        ...{ v: 1, kind: 'release-block', release: '1.1', scope: 'default', environment: 'staging' },
        ...{ reason: 'pods crash', actor: 'octocat', runUrl: RUN_URL, runId: '1', at: '2026-11-21T12:00:00.000Z' },
      },
      status: { state: 'failure', description: 'blocked: pods crash' },
    },
  ]);
});

test('it names the record before it', async () => {
  const gate = createMemoryGate();
  const unblock = putUnblock(gate, putBlock(gate));
  await block(gate);
  expect(gate.appended()[0]?.payload).toMatchObject({ previous: unblock });
});

test('a release that is blocked already stays as it is', async () => {
  const gate = createMemoryGate();
  const id = putBlock(gate);
  expect(await block(gate)).toMatchObject({ id, changed: false, standing: { kind: 'blocked', id } });
  expect(gate.appended()).toEqual([]);
});

test.each([
  ['of another environment', 'staging', 'production'],
  ['of one environment, where this speaks of all', 'staging', ''],
])('a block %s does not say it: another is written', async (_, stands, environment) => {
  const gate = createMemoryGate();
  const other = putBlock(gate, { environment: stands });
  const { id, changed, standing } = await block(gate, { environment });
  expect(changed).toBe(true);
  expect(standing).toMatchObject({ kind: 'blocked', id, block: { environment }, unlifted: [{ id }, { id: other }] });
  expect(gate.appended()).toMatchObject([{ payload: { environment, previous: other } }]);
  expect(await block(gate, { environment })).toMatchObject({ id, changed: false });
});

test.each([
  ['of the environment in other letters', 'Staging', 'staging'],
  ['of all environments', '', 'staging'],
])('a block %s says it already', async (_, stands, environment) => {
  const gate = createMemoryGate();
  const id = putBlock(gate, { environment: stands });
  expect(await block(gate, { environment })).toMatchObject({ id, changed: false });
  expect(gate.appended()).toEqual([]);
});

test('a block of before the release was verified there again does not say it', async () => {
  const gate = createMemoryGate();
  putBlock(gate);
  putDeployed(gate, { environment: 'Staging', mode: 'redeploy' });
  const { id } = await block(gate);
  expect(gate.appended()).toHaveLength(1);
  putDeployed(gate, { environment: 'production' });
  expect(await block(gate)).toMatchObject({ id, changed: false });
});

test('where a block below another says it already, that other is named: unblock/ takes no other', async () => {
  const gate = createMemoryGate();
  putBlock(gate);
  const id = putBlock(gate, { environment: 'production' });
  expect(await block(gate)).toMatchObject({ id, changed: false, standing: { id } });
  expect(gate.appended()).toEqual([]);
});

test.each<[string, Partial<DeployedRecord>]>([
  ['rolled back there', { running: '1.0', outcome: 'rolled-back' }],
  ['failed there and stayed', { verified: false, outcome: 'failed' }],
])('a block of before the release %s says it still', async (_, since) => {
  const gate = createMemoryGate();
  putDeployed(gate);
  const id = putBlock(gate);
  putDeployed(gate, since);
  expect(await block(gate)).toMatchObject({ id, changed: false });
  expect(gate.appended()).toEqual([]);
});

test('a second run of the same changes nothing', async () => {
  const gate = createMemoryGate();
  const { id } = await block(gate);
  expect(await block(gate)).toMatchObject({ id, changed: false });
  expect(gate.records()).toHaveLength(1);
});

test('what closes the gate without being a block is no block', async () => {
  const gate = createMemoryGate();
  gate.put({ environment: GATE_ENVIRONMENT, task: gateTask('default', '1.1'), payload: 'owned' });
  expect(await block(gate)).toMatchObject({ changed: true, standing: { kind: 'blocked' } });
});

describe('what is not as it should be afterwards is told', () => {
  test('a writer whose records do not count', async () => {
    const gate = createMemoryGate();
    const { standing } = await block(gate, { trust: ['my-app[bot]'] });
    expect(standing).toMatchObject({ kind: 'unreadable', why: expect.stringContaining('trusted-writers') });
  });

  test('an unblock in the same moment', async () => {
    const gate: MemoryGate = createMemoryGate({
      meanwhile: async (moment) => {
        if (moment === 'record-acknowledged') putUnblock(gate, gate.records()[0]?.id ?? 0);
      },
    });
    expect(await block(gate)).toMatchObject({ changed: true, standing: { kind: 'clear' } });
  });

  test('somebody who deletes it in the same moment', async () => {
    const gate: MemoryGate = createMemoryGate({
      meanwhile: async (moment) => {
        if (moment === 'record-acknowledged') gate.remove(gate.records()[0]?.id ?? 0);
      },
    });
    expect(await block(gate)).toMatchObject({ standing: { kind: 'unreadable', why: 'somebody deleted it' } });
  });
});

describe('where it runs', () => {
  test('by the newest record of each environment', async () => {
    const gate = createMemoryGate();
    putDeployed(gate, { environment: 'dev' });
    putDeployed(gate, { environment: 'dev', release: '1.2' });
    putDeployed(gate, { environment: 'staging', release: '1.0' });
    putDeployed(gate, { environment: 'staging', verified: false });
    putDeployed(gate, { environment: 'production' });
    putDeployed(gate, { environment: 'elsewhere', scope: 'other' });
    expect((await block(gate)).runsIn?.toSorted()).toEqual(['production', 'staging']);
  });

  test('is not known where it cannot be read, and the block is written all the same', async () => {
    const [gate, log] = [createMemoryGate(), createLogBook()];
    const read: MemoryGate['read'] = (filter, ...rest) =>
      filter.environment === undefined
        ? Promise.reject(new GitHubError('limited', 'too many requests'))
        : gate.read(filter, ...rest);
    putBlock(gate);
    expect(await block({ ...gate, read }, {}, log)).toMatchObject({ changed: true, runsIn: undefined });
    expect(log.warnings).toEqual(['which environments run the release could not be read: too many requests']);
  });
});

test.each([
  ['read', /may not read/],
  ['append', /may not write/],
] as const)('an error at %s is an error', async (call, message) => {
  const gate = createMemoryGate();
  gate.faults.at(call, new GitHubError('forbidden', call === 'read' ? 'may not read' : 'may not write'), 2);
  await expect(block(gate)).rejects.toThrow(message);
  expect(gate.records()).toEqual([]);
});

test('an error after the record was written says that it was', async () => {
  const gate: MemoryGate = createMemoryGate({
    meanwhile: async (moment) => {
      if (moment === 'record-acknowledged') gate.faults.at('read', new GitHubError('unreachable', 'GitHub is away'));
    },
  });
  await expect(block(gate)).rejects.toThrow(
    /^record \d+ is written, but what holds now could not be read: GitHub is away$/,
  );
  expect(gate.records()).toHaveLength(1);
});

test.each(Object.entries(HOSTILE))(
  'a hostile name is kept as it is, a hostile reason as one line: %s',
  async (_, hostile) => {
    const gate = createMemoryGate();
    const { id } = await block(gate, { release: hostile, reason: hostile });
    expect(gate.records()[0]?.task).toMatch(/^release-gate:default\/[\w.+~-]{1,60}$/);
    expect(await block(gate, { release: hostile })).toMatchObject({
      ...{
        id,
        changed: false,
        standing: { block: { release: JSON.parse(JSON.stringify(hostile)), reason: plainLine(hostile, 500) } },
      },
    });
  },
);
