import { describe, expect, test } from '@jest/globals';
import { GitHubError } from '../../src/errors.ts';
import type { Runner } from '../../src/github/runner.ts';
import type { Clock } from '../../src/ports.ts';
import { runBlock } from '../../src/run/block.ts';
import { NO_BLOCK } from '../../src/run/block-outputs.ts';
import type { ConnectGate } from '../../src/run/gate-step.ts';
import { runUnblock } from '../../src/run/unblock.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createFakeRunner } from '../fakes/fake-runner.ts';
import { createMemoryGate, type MemoryGate } from '../fakes/memory-gate.ts';
import { putBlock, putDeployed } from '../operations/gate-sample.ts';
import { HOSTILE } from '../report/hostile.ts';
import { render } from '../report/rendered.ts';

type Action = (runner: Runner, connect: ConnectGate, clock: Clock) => Promise<void>;

const INPUTS = { release: '1.1', reason: 'pods crash', 'github-token': 'ghs_token' };

async function run(action: Action, gate: MemoryGate, inputs: Readonly<Record<string, string>> = {}, runAttempt = 1) {
  const runner = createFakeRunner({ ...INPUTS, ...inputs });
  const context = { ...runner.context, runAttempt };
  await action({ ...runner, context }, async () => gate, createFakeClock());
  return runner;
}

describe('block/', () => {
  test('writes a block, and says where the release runs', async () => {
    const gate = createMemoryGate();
    putDeployed(gate, { environment: 'production' });
    const { outputs, annotations, summaries, failed, log } = await run(runBlock, gate, { environment: 'staging' });
    const id = gate.records()[0]?.id;
    expect(Object.keys(outputs)).toEqual(Object.keys(NO_BLOCK));
    expect(outputs).toEqual({ block: String(id), changed: 'true', message: `1.1 is blocked by record ${id}` });
    expect(gate.appended()).toMatchObject([
      {
        payload: { kind: 'release-block', environment: 'staging', actor: 'octocat', runId: '1', reason: 'pods crash' },
      },
    ]);
    expect(summaries[0]).toContain('**Recorded as running in `production`:**');
    expect(log).toMatchObject({ infos: [`1.1 is blocked by record ${id}`] });
    expect([annotations, failed()]).toEqual([[], false]);
  });

  test('names one record everywhere where an older one says it already: the one that unblock/ takes', async () => {
    const gate = createMemoryGate();
    putBlock(gate);
    const id = putBlock(gate, { environment: 'production', reason: 'slow' });
    const { outputs, summaries } = await run(runBlock, gate, { environment: 'staging' });
    expect(outputs).toMatchObject({ block: String(id), message: expect.stringContaining(`by record ${id};`) });
    expect(summaries[0]).toContain(`| \`${id}\` | \`production\` |`);
    expect(summaries[0]).toContain(`-f block=${id} `);
    const { outputs: lifted, failed } = await run(runUnblock, gate, { block: String(id) });
    expect([lifted['changed'], failed()]).toEqual(['true', false]);
  });

  test('changes nothing the second time', async () => {
    const gate = createMemoryGate();
    const id = putBlock(gate);
    const { outputs, failed } = await run(runBlock, gate, { environment: 'staging' });
    const message = `1.1 was blocked already, by record ${id}; nothing was written, and the reason given now is not kept`;
    expect(outputs).toEqual({ block: String(id), changed: 'false', message });
    expect([gate.appended(), failed()]).toEqual([[], false]);
  });

  test('warns when its own writer does not count', async () => {
    const { annotations, failed } = await run(runBlock, createMemoryGate(), { 'trusted-writers': 'my-app[bot]' });
    expect(annotations).toMatchObject([{ level: 'warning', message: expect.stringContaining('does not count') }]);
    expect(failed()).toBe(false);
  });

  test('fails when somebody lifts it at once', async () => {
    const gate: MemoryGate = createMemoryGate({
      meanwhile: async (moment) => {
        if (moment === 'record-acknowledged' && gate.records().length === 1) await run(runUnblock, gate);
      },
    });
    const { annotations, failed } = await run(runBlock, gate);
    expect(annotations).toMatchObject([{ level: 'error', message: expect.stringContaining('lifted that at once') }]);
    expect(failed()).toBe(true);
  });
});

describe('unblock/', () => {
  test('lifts the block', async () => {
    const gate = createMemoryGate();
    const id = putBlock(gate);
    const { outputs, annotations, summaries, failed } = await run(runUnblock, gate, { block: String(id) });
    const message = `1.1 is unblocked: record ${id + 1} lifts record ${id}`;
    expect(outputs).toEqual({ block: String(id), changed: 'true', message });
    expect(summaries[0]).toMatch(/^### Release `1\.1` is unblocked\n/);
    expect([annotations, failed()]).toEqual([[], false]);
  });

  test('does not say that it unblocks what it does not know to have been blocked', async () => {
    const gate = createMemoryGate();
    const gone = putBlock(gate);
    gate.remove(gone);
    putDeployed(gate);
    const { outputs, summaries, failed } = await run(runUnblock, gate, { block: String(gone) });
    const id = gate.records()[0]?.id;
    const message = `record ${gone} is not there; if it blocked 1.1, it no longer does: record ${id} lifts it`;
    expect(outputs).toEqual({ block: String(gone), changed: 'true', message });
    expect(summaries[0]).toMatch(/^### Record \d+ is not there\n\nIf it blocked `1\.1`, it no longer does\./);
    expect(failed()).toBe(false);
  });

  test('names the block that shows once the one above it is lifted, with its command', async () => {
    const gate = createMemoryGate();
    putBlock(gate);
    const gone = putBlock(gate, { environment: 'production' });
    putDeployed(gate, { environment: 'production', running: '1.0', blocks: [{ release: '1.1', id: gone }] });
    gate.remove(gone);
    const { summaries, failed } = await run(runUnblock, gate);
    expect(summaries[0]).toMatch(/^### Stopped: release `1\.1` is still blocked\n/);
    expect(summaries[0]).toContain(`gh workflow run unblock.yml -R octo/shop -f release=1.1 -f block=${gone} `);
    expect(failed()).toBe(true);
  });

  test('passes with nothing to do', async () => {
    const { outputs, failed } = await run(runUnblock, createMemoryGate());
    expect(outputs).toEqual({
      block: '',
      changed: 'false',
      message: expect.stringMatching(/^1\.1 is not blocked; nothing was written \(names/),
    });
    expect(failed()).toBe(false);
  });

  test('refuses what does not close the gate, and says what does', async () => {
    const gate = createMemoryGate();
    const [older, newer] = [putBlock(gate), putBlock(gate)];
    const { outputs, annotations, failed } = await run(runUnblock, gate, { block: String(older) });
    expect(outputs).toMatchObject({ block: '', changed: 'false' });
    expect(annotations).toEqual([
      {
        level: 'error',
        title: 'Release 1.1 is still blocked',
        message: `nothing was written, since record ${older} is not what closes the gate: 1.1 is blocked in staging by a run of mona: pods crash (https://github.com/octo/shop/actions/runs/7); to lift record ${newer}: gh workflow run unblock.yml -R octo/shop -f release=1.1 -f block=${newer} -f reason='…'`,
      },
    ]);
    expect([gate.appended(), failed()]).toEqual([[], true]);
  });

  test('fails when a block came meanwhile', async () => {
    const gate: MemoryGate = createMemoryGate({
      meanwhile: async (moment) => {
        if (moment === 'record-sent') putBlock(gate, { reason: 'again' });
      },
    });
    putBlock(gate);
    const { outputs, annotations, failed } = await run(runUnblock, gate);
    expect(outputs).toMatchObject({ changed: 'true' });
    expect(annotations).toMatchObject([{ level: 'error', message: expect.stringContaining('mona: again') }]);
    expect(failed()).toBe(true);
  });

  test('says that nothing is lifted when its own writer does not count', async () => {
    const gate = createMemoryGate();
    const id = putBlock(gate);
    const { annotations, summaries, failed } = await run(runUnblock, gate, { 'trusted-writers': 'my-app[bot]' });
    const message = expect.stringMatching(/^nothing is lifted, since record \d+ about 1\.1 does not count: /);
    expect(annotations).toMatchObject([{ level: 'error', message }]);
    expect(summaries[0]).toContain('**This unblock does not count, and lifts nothing:**');
    expect(summaries[0]).not.toContain(`lifts record \`${id}\``);
    expect(failed()).toBe(true);
  });

  test('lifts nothing in a re-run that names no record', async () => {
    const gate = createMemoryGate();
    putBlock(gate);
    const { annotations, failed } = await run(runUnblock, gate, {}, 2);
    expect(annotations).toMatchObject([{ message: expect.stringContaining('block is empty in a re-run') }]);
    expect([gate.requests, failed()]).toEqual([[], true]);
  });
});

describe.each([
  ['block/', runBlock, '1.1 could not be blocked'],
  ['unblock/', runUnblock, '1.1 could not be unblocked'],
] as const)('%s', (_, action, undone) => {
  test('says all that is wrong with its inputs', async () => {
    const { outputs, annotations, failed } = await run(action, createMemoryGate(), { release: '', reason: '' });
    expect(outputs).toMatchObject({
      block: '',
      changed: 'false',
      message: expect.stringMatching(/^release is.*; reason/),
    });
    expect([annotations.length, failed()]).toEqual([1, true]);
  });

  test('says what GitHub refused', async () => {
    const gate = createMemoryGate();
    putBlock(gate);
    gate.faults.at('read', new GitHubError('forbidden', 'the token may not read deployments'), 3);
    const { outputs, annotations, failed } = await run(action, gate);
    expect(outputs).toEqual({ block: '', changed: 'false', message: 'the token may not read deployments' });
    expect(annotations).toMatchObject([{ level: 'error', title: `Stopped: ${undone}` }]);
    expect(failed()).toBe(true);
  });

  test('keeps credentials out of the record', async () => {
    const gate = createMemoryGate();
    if (action === runUnblock) putBlock(gate);
    await run(action, gate, { reason: 'cannot connect: postgres://app:hunter2-very-secret@db/shop' });
    expect(JSON.stringify(gate.appended())).toContain('cannot connect');
    expect(JSON.stringify(gate.appended())).not.toContain('hunter2');
  });

  test.each(Object.entries(HOSTILE))(
    'a hostile reason is one printable line everywhere: %s',
    async (_name, hostile) => {
      const gate = createMemoryGate();
      if (action === runUnblock) putBlock(gate);
      const { outputs, annotations, log } = await run(action, gate, { reason: `x ${hostile}`.slice(0, 500) });
      expect(gate.appended()).toHaveLength(1);
      expect(JSON.stringify(gate.appended())).not.toMatch(/\\[nrtbf]|\\u00|\p{Cc}/u);
      expect(JSON.stringify([outputs, annotations, log])).not.toMatch(/\\[nrtbf]|\\u00|##\[/u);
    },
  );
});

describe('releases with hostile names', () => {
  const NAMES = [
    '$(touch owned)',
    '`touch owned`',
    '<b>x</b>',
    '| a | b |',
    '**x**',
    'a/b+c',
    '🚀',
    "it's",
    'x'.repeat(200),
  ];

  test.each(NAMES)('%j is blocked and unblocked under its own name', async (release) => {
    const gate = createMemoryGate();
    const blocked = await run(runBlock, gate, { release });
    expect(gate.appended()).toMatchObject([{ payload: { release } }]);
    expect(gate.records()[0]?.task).toMatch(/^release-gate:default\/[\w.+~-]{1,60}$/);
    const unblocked = await run(runUnblock, gate, { release, block: blocked.outputs['block'] ?? '' });
    expect(unblocked.outputs).toMatchObject({ changed: 'true' });
    for (const { summaries, failed } of [blocked, unblocked]) {
      const { html, text } = render(summaries[0] ?? '');
      expect(html.filter((tag) => !/^<\/?span>$/.test(tag))).toEqual([]);
      expect(text).toContain(release);
      expect(failed()).toBe(false);
    }
  });

  test.each(['a\nb', 'a::set-output name=x::y', 'a##[x]', '\u001B[31mred', 'a\u202Eb', 'x'.repeat(201), ' '])(
    '%j is refused, in one printable line',
    async (release) => {
      const gate = createMemoryGate();
      const { annotations, outputs, failed } = await run(runBlock, gate, { release });
      expect([annotations.length, gate.requests, failed()]).toEqual([1, [], true]);
      expect(JSON.stringify([annotations, outputs])).not.toMatch(/\\[nrtbf]|\\u00|##\[|(?<!\\)"::|\u202E/u);
    },
  );
});
