import { describe, expect, test } from '@jest/globals';
import { GitHubError, type GitHubErrorKind } from '../../src/errors.ts';
import { GATE_OUTPUTS, runGate } from '../../src/run/gate.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createFakeRunner } from '../fakes/fake-runner.ts';
import { createMemoryGate, type MemoryGate } from '../fakes/memory-gate.ts';
import { putBlock, putDeployed } from '../operations/gate-sample.ts';
import { HOSTILE } from '../report/hostile.ts';

const INPUTS = { release: '1.1', environment: 'production', 'github-token': 'ghs_token' };

async function run(gate: MemoryGate, inputs: Readonly<Record<string, string>> = {}) {
  const runner = createFakeRunner({ ...INPUTS, ...inputs });
  const tokens: string[] = [];
  const connect = async (token: string) => {
    tokens.push(token);
    return gate;
  };
  await runGate(runner, connect, createFakeClock());
  return { ...runner, tokens };
}

test('an open gate passes, with a line in the log and a summary', async () => {
  const { outputs, annotations, summaries, failed, log, tokens } = await run(createMemoryGate());
  expect(Object.keys(outputs)).toEqual(GATE_OUTPUTS);
  expect(outputs).toMatchObject({
    ...{ allowed: 'true', 'reason-code': 'open', message: '1.1 is not blocked', block: '', 'blocked-by': '' },
  });
  expect(JSON.parse(outputs['result'] ?? '')).toEqual({
    ...{ schemaVersion: 1, release: '1.1', environment: 'production', scope: 'default', after: '', soakSeconds: 0 },
    ...{ allowRedeploy: true, allowed: true, reasonCode: 'open', message: '1.1 is not blocked' },
    ...{ record: null, block: null },
  });
  expect([failed(), annotations, tokens]).toEqual([false, [], ['ghs_token']]);
  expect(log).toMatchObject({ infos: ['release 1.1 may enter production: 1.1 is not blocked'] });
  expect(summaries).toEqual([expect.stringMatching(/^### Release `1\.1` may enter `production`\n/)]);
});

test('a block fails the job, with who, why, when, the run and the command in one error of one line', async () => {
  const gate = createMemoryGate();
  const id = putBlock(gate);
  const { outputs, annotations, summaries, failed } = await run(gate);
  expect(outputs).toMatchObject({
    ...{ allowed: 'false', 'reason-code': 'release-blocked', block: String(id), 'blocked-by': 'mona' },
    ...{ 'block-reason': 'pods crash', 'blocked-at': '2026-11-21T11:00:00Z' },
    'block-run-url': 'https://github.com/octo/shop/actions/runs/7',
    message: '1.1 is blocked in staging by a run of mona: pods crash',
  });
  expect(JSON.parse(outputs['result'] ?? '')).toMatchObject({ allowed: false, record: id, block: { actor: 'mona' } });
  expect(annotations).toEqual([
    {
      level: 'error',
      title: 'Release 1.1 may not enter production',
      message: `1.1 is blocked in staging by a run of mona: pods crash (https://github.com/octo/shop/actions/runs/7); to lift record ${id}: gh workflow run unblock.yml -R octo/shop -f release=1.1 -f block=${id} -f reason='…'`,
    },
  ]);
  expect(summaries[0]).toContain('[run 7](https://github.com/octo/shop/actions/runs/7)');
  expect(failed()).toBe(true);
});

test('a block is passed where the release runs verified already, unless that is switched off', async () => {
  const gate = createMemoryGate();
  putBlock(gate);
  putDeployed(gate, { environment: 'production' });
  expect((await run(gate)).outputs).toMatchObject({ allowed: 'true', 'reason-code': 'open', block: '' });
  expect((await run(gate, { 'allow-redeploy': 'false' })).outputs).toMatchObject({ allowed: 'false' });
});

test('what it must have been through comes from the inputs', async () => {
  const gate = createMemoryGate();
  const asked = { after: 'staging', soak: '1h' };
  expect((await run(gate, asked)).outputs).toMatchObject({ allowed: 'false', 'reason-code': 'not-verified' });
  putDeployed(gate, {}, '2026-11-21T11:30:00Z');
  const { annotations, outputs } = await run(gate, asked);
  expect(outputs).toMatchObject({ allowed: 'false', 'reason-code': 'not-soaked', block: '' });
  expect(annotations).toMatchObject([{ message: '1.1 ran verified in staging for 30m at most, and not for 1h' }]);
});

describe('what stops it closes the gate', () => {
  test('inputs, all problems at once, before GitHub is asked', async () => {
    const { outputs, annotations, summaries, failed, tokens } = await run(createMemoryGate(), {
      ...{ environment: '', soak: '1h' },
    });
    expect(outputs).toMatchObject({ allowed: 'false', 'reason-code': 'invalid-input' });
    expect(annotations).toEqual([
      {
        level: 'error',
        title: 'Stopped: the inputs are not as they should be',
        message:
          'environment is empty: name the environment that the release is to enter; soak says for how long, but not where: name the environment in after',
      },
    ]);
    expect(summaries[0]).toMatch(/\n> - environment is empty.*\n> - soak says/);
    expect([failed(), tokens]).toEqual([true, []]);
  });

  const kinds: Record<GitHubErrorKind, true> = {
    ...{ forbidden: true, unauthorized: true, 'not-found': true, limited: true, unreachable: true, rejected: true },
  };

  test.each(Object.keys(kinds) as readonly GitHubErrorKind[])('GitHub: %s', async (kind) => {
    const gate = createMemoryGate();
    gate.faults.at('read', new GitHubError(kind, 'add `permissions: { deployments: read }` to the job'));
    const { outputs, annotations, summaries, failed } = await run(gate);
    expect(Object.keys(outputs)).toEqual(GATE_OUTPUTS);
    expect(outputs).toMatchObject({ allowed: 'false', 'reason-code': `github-${kind}` });
    expect(JSON.parse(outputs['result'] ?? '')).toMatchObject({ allowed: false, reasonCode: `github-${kind}` });
    expect(annotations).toEqual([
      {
        level: 'error',
        title: 'Stopped: the gate could not be asked whether 1.1 may enter production, and stays closed',
        message: 'add `permissions: { deployments: read }` to the job',
      },
    ]);
    expect([failed(), summaries.length]).toEqual([true, 1]);
  });

  test('a mistake of ours', async () => {
    const runner = createFakeRunner(INPUTS);
    await runGate(runner, () => Promise.reject(new TypeError('x is not a function')), createFakeClock());
    expect(runner.outputs).toMatchObject({ allowed: 'false', 'reason-code': 'internal-error' });
    expect(runner.failed()).toBe(true);
  });

  test('a summary that cannot be written changes nothing', async () => {
    const runner = createFakeRunner(INPUTS);
    const writeSummary = () => Promise.reject(new Error('no space left'));
    await runGate({ ...runner, writeSummary }, async () => createMemoryGate(), createFakeClock());
    expect(runner.failed()).toBe(false);
    expect(runner.log).toMatchObject({ warnings: ['the summary could not be written: no space left'] });
  });
});

test('a signal ends it at once, closed', async () => {
  const runner = createFakeRunner(INPUTS);
  const interrupt = new AbortController();
  const left = new Promise<void>((resolve) => {
    const silent = () => new Promise<never>(() => {});
    void runGate({ ...runner, interrupt: interrupt.signal, leave: async () => resolve() }, silent, createFakeClock());
  });
  interrupt.abort();
  await left;
  expect(runner.failed()).toBe(true);
  expect(runner.outputs).toMatchObject({ allowed: 'false' });
  expect(runner.log).toMatchObject({ warnings: ['cancelled: the gate stays closed'] });
});

test('what the gate answers after a signal opens it no more, though the process may take a moment to end', async () => {
  const runner = createFakeRunner(INPUTS);
  const interrupt = new AbortController();
  const connect = async () => {
    interrupt.abort();
    return createMemoryGate();
  };
  await runGate({ ...runner, interrupt: interrupt.signal }, connect, createFakeClock());
  expect(runner.failed()).toBe(true);
  expect(runner.outputs).toMatchObject({ allowed: 'false' });
  expect(runner.summaries).toEqual([]);
});

describe.each(Object.entries(HOSTILE))('hostile records: %s', (_, hostile) => {
  test('are one printable line in annotation and outputs, and no workflow command', async () => {
    const gate = createMemoryGate();
    putBlock(gate, { environment: hostile, reason: hostile, actor: hostile, runUrl: hostile, at: hostile });
    const { outputs, annotations, failed } = await run(gate);
    expect(failed()).toBe(true);
    expect(annotations).toHaveLength(1);
    for (const { title, message } of annotations) {
      expect(`${title}${message}`).not.toMatch(/\p{Cc}|##\[/u);
      expect(message.startsWith('::')).toBe(false);
      expect(message.length).toBeLessThan(4096);
    }
    for (const value of Object.values(outputs)) expect(value).not.toMatch(/\p{Cc}|##\[|^::/u);
  });
});
