import { describe, expect, test } from '@jest/globals';
import { GitHubError } from '../../src/errors.ts';
import { GATE_ENVIRONMENT, gateTask } from '../../src/gate/task.ts';
import { askGate, type Question } from '../../src/operations/ask-gate.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createLogBook } from '../fakes/log-book.ts';
import { createMemoryGate, type MemoryGate } from '../fakes/memory-gate.ts';
import { putBlock, putDeployed, putUnblock } from './gate-sample.ts';

const NOW = '2026-11-21T12:00:00Z';

const QUESTION: Question = {
  ...{ release: '1.1', environment: 'production', after: '', soakMs: 0, allowRedeploy: true },
  ...{ scope: 'default', trust: ['github-actions[bot]'] },
};

function ask(gate: MemoryGate, question: Partial<Question> = {}, log = createLogBook()) {
  return askGate({ gate, clock: createFakeClock(Date.parse(NOW)), log }, { ...QUESTION, ...question });
}

const filters = ({ requests }: MemoryGate) => requests.map((each) => (each.call === 'read' ? each.filter : each.call));

describe('requests', () => {
  test('two at once for a release that nobody blocked', async () => {
    const gate = createMemoryGate();
    expect(await ask(gate)).toEqual({ kind: 'open', why: '1.1 is not blocked' });
    expect(filters(gate)).toEqual([
      { task: 'release-deploy:default' },
      { environment: GATE_ENVIRONMENT, task: 'release-gate:default/1.1' },
    ]);
  });

  test('no more for what a release has lately been through', async () => {
    const gate = createMemoryGate();
    putDeployed(gate);
    expect(await ask(gate, { after: 'staging' })).toMatchObject({ kind: 'open' });
    expect(gate.requests).toHaveLength(2);
  });

  test('one more for what it has been through long ago', async () => {
    const gate = createMemoryGate({ pageSize: 1 });
    putDeployed(gate);
    putDeployed(gate, { environment: 'dev' });
    expect(await ask(gate, { after: 'staging' })).toMatchObject({ kind: 'open' });
    expect(gate.requests).toHaveLength(3);
  });

  test('one more for a blocked one that may run there already', async () => {
    const gate = createMemoryGate();
    const id = putBlock(gate);
    expect(await ask(gate)).toMatchObject({ kind: 'closed', code: 'release-blocked', id });
    expect(filters(gate)[2]).toEqual({ environment: 'production', task: 'release-deploy:default' });
    expect(gate.requests).toHaveLength(3);
  });

  test('no more for a blocked one that may not be redeployed', async () => {
    const gate = createMemoryGate();
    putBlock(gate);
    await ask(gate, { allowRedeploy: false });
    expect(gate.requests).toHaveLength(2);
  });

  test('three at most, with ten thousand records of other releases there', async () => {
    const gate = createMemoryGate();
    for (let count = 0; count < 5_000; count++) {
      putBlock(gate, { release: `2.${count}` });
      putDeployed(gate, { release: `2.${count}` });
    }
    putBlock(gate);
    for (const environment of ['staging', 'production']) putDeployed(gate, { environment });
    expect(await ask(gate, { after: 'staging' })).toMatchObject({
      kind: 'open',
      why: expect.stringContaining('runs verified in production'),
    });
    expect(gate.requests.length).toBeLessThanOrEqual(3);
  });

  test('looks for a release that was never there as far back as is worth it', async () => {
    const gate = createMemoryGate();
    for (let count = 0; count < 3_000; count++) putDeployed(gate, { release: '1.0' });
    expect(await ask(gate, { after: 'staging' })).toMatchObject({
      ...{ kind: 'closed', code: 'not-verified' },
      why: '1.1 was not verified in the last 1000 runs that deployed to staging',
    });
    expect(gate.requests).toHaveLength(12);
  });

  test('one block more is found on a further page', async () => {
    const gate = createMemoryGate({ pageSize: 2 });
    putDeployed(gate, { environment: 'production' });
    putBlock(gate, { environment: 'production' });
    for (let count = 0; count < 5; count++) putBlock(gate, { environment: 'staging' });
    expect(await ask(gate)).toMatchObject({ kind: 'closed', code: 'release-blocked' });
  });

  test('a block ends the search for where the release was verified', async () => {
    const gate = createMemoryGate({ pageSize: 1 });
    for (let count = 0; count < 500; count++) putDeployed(gate, { release: '1.0' });
    putBlock(gate);
    expect(await ask(gate, { after: 'staging' })).toMatchObject({ code: 'release-blocked' });
    const asked = gate.requests.length;
    expect(asked).toBeLessThan(20);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(gate.requests).toHaveLength(asked);
  });
});

// facts of Octopus Deploy's "Block Release Progression" and of what its documentation says a block does.
describe("Octopus' rules and their edges", () => {
  test.each<[string, (gate: MemoryGate) => void, Partial<Question>, string]>([
    ['a blocked release enters no environment where it never was', (gate) => putBlock(gate), {}, 'release-blocked'],
    [
      'nor one where it only failed',
      (gate) => {
        putBlock(gate);
        putDeployed(gate, { environment: 'production', running: '1.0', outcome: 'rolled-back' });
      },
      {},
      'release-blocked',
    ],
    [
      'nor one where it runs unverified',
      (gate) => {
        putBlock(gate);
        putDeployed(gate, { environment: 'production', verified: false, outcome: 'timed-out' });
      },
      {},
      'release-blocked',
    ],
    [
      'nor one where it ran once, and another release does by now',
      (gate) => {
        putBlock(gate);
        putDeployed(gate, { environment: 'production' });
        putDeployed(gate, { environment: 'production', release: '1.2' });
      },
      {},
      'release-blocked',
    ],
    [
      'it may be redeployed where it runs verified',
      (gate) => {
        putBlock(gate);
        putDeployed(gate, { environment: 'production' });
      },
      {},
      'open',
    ],
    [
      'unless that is switched off',
      (gate) => {
        putBlock(gate);
        putDeployed(gate, { environment: 'production' });
      },
      { allowRedeploy: false },
      'release-blocked',
    ],
    ['the first environment is no exception', (gate) => putBlock(gate), { environment: 'dev' }, 'release-blocked'],
    [
      'where it proved bad is closed, too',
      (gate) => putBlock(gate, { environment: 'staging' }),
      { environment: 'staging' },
      'release-blocked',
    ],
    ['only the release that was blocked is', (gate) => putBlock(gate, { release: '1.3' }), { release: '1.2' }, 'open'],
    ['and only in its scope', (gate) => putBlock(gate, { scope: 'other' }), {}, 'open'],
    ['names are compared exactly', (gate) => putBlock(gate, { release: 'v1.1' }), {}, 'open'],
    ['one unblock is enough', (gate) => putUnblock(gate, putBlock(gate)), {}, 'open'],
    [
      'but not for what was blocked after it',
      (gate) => {
        putUnblock(gate, putBlock(gate));
        putBlock(gate);
      },
      {},
      'release-blocked',
    ],
    [
      'it may not be redeployed where it proved bad, whatever letters name that environment',
      (gate) => {
        putDeployed(gate, { environment: 'production' });
        putBlock(gate, { environment: 'Production' });
      },
      {},
      'release-blocked',
    ],
    [
      'nor where it was rolled back by a run that writes the environment in other letters',
      (gate) => {
        putDeployed(gate, { environment: 'production' });
        const id = putBlock(gate);
        putDeployed(gate, { environment: 'Production', release: '1.0', blocks: [{ id, release: '1.1' }] });
      },
      {},
      'release-blocked',
    ],
    [
      'nor where it proved bad before it proved bad elsewhere',
      (gate) => {
        putDeployed(gate, { environment: 'production' });
        putBlock(gate, { environment: 'production' });
        putBlock(gate, { environment: 'staging' });
      },
      {},
      'release-blocked',
    ],
    [
      'nor anywhere once it is blocked without saying where',
      (gate) => {
        putBlock(gate, { environment: '' });
        putDeployed(gate, { environment: 'production' });
      },
      {},
      'release-blocked',
    ],
    [
      'nor where another block may have named it, that somebody deleted',
      (gate) => {
        putDeployed(gate, { environment: 'production' });
        putBlock(gate, { previous: 90 });
      },
      {},
      'release-blocked',
    ],
    [
      'nor where the run that wrote such a block tells of it',
      (gate) => {
        putBlock(gate);
        putDeployed(gate, { environment: 'production' });
        putDeployed(gate, { environment: 'dev', release: '1.0', blocks: [{ id: 4711, release: '1.1' }] });
      },
      {},
      'release-blocked',
    ],
    [
      'verified before, in an environment that is written in other letters',
      (gate) => putDeployed(gate),
      { after: 'Staging' },
      'open',
    ],
    [
      'that it left there, in other letters, ends the stay',
      (gate) => {
        putDeployed(gate, {}, '2026-11-21T09:00:00Z');
        putDeployed(gate, { environment: 'STAGING', release: '1.2' }, '2026-11-21T09:30:00Z');
      },
      { after: 'staging', soakMs: 3_600_000 },
      'not-soaked',
    ],
    ['a release that was never verified before', () => {}, { after: 'staging' }, 'not-verified'],
    [
      'one that another environment verified',
      (gate) => putDeployed(gate, { environment: 'dev' }),
      { after: 'staging' },
      'not-verified',
    ],
    [
      'one that was left there since, without being blocked',
      (gate) => {
        putDeployed(gate);
        putDeployed(gate, { release: '1.2' });
      },
      { after: 'staging' },
      'open',
    ],
    [
      'one that runs there for too short a time',
      (gate) => putDeployed(gate, {}, '2026-11-21T11:30:00Z'),
      { after: 'staging', soakMs: 3_600_000 },
      'not-soaked',
    ],
    [
      'one that runs there for long enough, by several runs',
      (gate) => {
        putDeployed(gate, {}, '2026-11-21T11:00:00Z');
        putDeployed(gate, { mode: 'redeploy' }, '2026-11-21T11:30:00Z');
      },
      { after: 'staging', soakMs: 3_600_000 },
      'open',
    ],
  ])('%s', async (_, given, question, code) => {
    const gate = createMemoryGate();
    given(gate);
    const decision = await ask(gate, question);
    expect(decision.kind === 'open' ? 'open' : decision.code).toBe(code);
  });
});

describe('fail closed', () => {
  const unreadable: readonly (readonly [string, Parameters<MemoryGate['put']>[0], string])[] = [
    ['a payload that is none', { payload: 'owned' }, 'its payload is no object'],
    [
      'a version of later',
      { payload: { v: 2, kind: 'release-unblock' } },
      'its version is 2, and this Rollkey knows 1: use the newer Rollkey here, too',
    ],
    ['a kind of later', { payload: { v: 1, kind: 'release-pardon' } }, 'its kind is unknown'],
    ['a foreign writer', { payload: {}, creator: 'mallory', app: '' }, 'mallory wrote it'],
    ["another App with the workflows' name", { payload: {}, app: 'evil' }, 'did not write it from a workflow'],
  ];

  test.each(unreadable)('%s closes the gate, with the record', async (_, record, why) => {
    const gate = createMemoryGate();
    putUnblock(gate, putBlock(gate));
    putDeployed(gate, { environment: 'production' });
    const id = gate.put({ environment: GATE_ENVIRONMENT, task: gateTask('default', '1.1'), ...record });
    const decision = await ask(gate);
    expect(decision).toMatchObject({ kind: 'closed', code: 'gate-unreadable', id });
    expect(decision.why).toContain(`record ${id} about 1.1 does not count: `);
    expect(decision.why).toContain(why);
  });

  test.each(['', 'staging'])(
    'a block that somebody deleted, as the run that wrote it tells, after %j',
    async (after) => {
      const gate = createMemoryGate();
      putDeployed(gate);
      const id = putBlock(gate);
      putDeployed(gate, { running: '1.0', outcome: 'rolled-back', blocks: [{ release: '1.1', id }] });
      gate.remove(id);
      expect(await ask(gate, { after })).toMatchObject({
        ...{ kind: 'closed', code: 'gate-unreadable', id },
        why: `record ${id} about 1.1 does not count: somebody deleted it`,
      });
      expect(gate.requests.length).toBeLessThanOrEqual(3);
    },
  );

  test('a block of another release that the same run wrote is nothing to this one', async () => {
    const gate = createMemoryGate();
    putDeployed(gate, { mode: 'rollback', blocks: [{ release: '1.2', id: putBlock(gate, { release: '1.2' }) }] });
    expect(await ask(gate, { after: 'staging' })).toMatchObject({ kind: 'open' });
  });

  test('GitHub that is away is an error, and no answer', async () => {
    const gate = createMemoryGate();
    gate.faults.at('read', new GitHubError('unreachable', 'GitHub is away'));
    await expect(ask(gate)).rejects.toThrow('GitHub is away');
  });

  test('so is what the release must have been through, when it cannot be read', async () => {
    const gate = createMemoryGate();
    const read: MemoryGate['read'] = (filter, ...rest) =>
      filter.environment === 'staging'
        ? Promise.reject(new GitHubError('limited', 'too many requests'))
        : gate.read(filter, ...rest);
    await expect(ask({ ...gate, read }, { after: 'staging' })).rejects.toThrow('too many requests');
  });

  test('but a block is said, whatever else cannot be read', async () => {
    const [gate, log] = [createMemoryGate(), createLogBook()];
    const id = putBlock(gate);
    const read: MemoryGate['read'] = (filter, ...rest) =>
      filter.environment === GATE_ENVIRONMENT
        ? gate.read(filter, ...rest)
        : Promise.reject(new GitHubError('limited', 'too many requests'));
    const decision = await ask({ ...gate, read }, { after: 'staging' }, log);
    expect(decision).toMatchObject({ kind: 'closed', code: 'release-blocked', id });
    expect(log.warnings).toEqual(['whether production runs the release already could not be read: too many requests']);
  });
});

test.each(['feature/login', '1.0+build.5', 'x'.repeat(200), '🚀 eins', '$(touch /tmp/owned)', '`id`', "it's"])(
  'release %j is found by its name',
  async (release) => {
    const gate = createMemoryGate();
    const id = putBlock(gate, { release });
    expect(await ask(gate, { release })).toMatchObject({ kind: 'closed', id, block: { release } });
    expect(await ask(gate, { release: `${release}1` })).toMatchObject({ kind: 'open' });
  },
);
