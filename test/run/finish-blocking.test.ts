import { describe, expect, test } from '@jest/globals';
import { GitHubError } from '../../src/errors.ts';
import { finishBlocking } from '../../src/run/finish-blocking.ts';
import type { OpenGate } from '../../src/run/train.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createFakeRunner, type FakeRunner } from '../fakes/fake-runner.ts';
import { createMemoryGate, type MemoryGate } from '../fakes/memory-gate.ts';
import { blocksIn } from '../operations/gate-desk.ts';

const OWED = JSON.stringify([{ release: '1.2', reason: 'it crashes' }]);

async function finish(kept: string, gate: MemoryGate | Error, inputs = {}): Promise<FakeRunner> {
  const runner = createFakeRunner({ environment: 'staging', 'github-token': 'token', ...inputs });
  const clock = createFakeClock();
  const open: OpenGate = () => {
    if (gate instanceof Error) throw gate;
    return gate;
  };
  const finishing = finishBlocking(kept, runner, open, clock);
  for (let count = 0; count < 30; count++) await clock.advance(1_000);
  await finishing;
  return runner;
}

test('what a run still owed is blocked under its own words', async () => {
  const gate = createMemoryGate();
  const runner = await finish(OWED, gate, { scope: 'frontend' });
  expect(blocksIn(gate)).toMatchObject([
    { release: '1.2', reason: 'it crashes', environment: 'staging', scope: 'frontend', runId: '1', actor: 'octocat' },
  ]);
  expect(runner.annotations).toMatchObject([{ level: 'notice', message: expect.stringContaining('1.2 is blocked') }]);
});

test('what came through after all is not blocked twice', async () => {
  const gate = createMemoryGate();
  await finish(OWED, gate);
  await finish(OWED, gate);
  expect(blocksIn(gate)).toHaveLength(1);
});

test.each(['', '[]'])('kept %j: nothing is asked', async (kept) => {
  const gate = createMemoryGate();
  const runner = await finish(kept, gate);
  expect([gate.requests, runner.annotations]).toEqual([[], []]);
});

describe('what cannot be blocked is an error that says what to do', () => {
  test('GitHub is still away', async () => {
    const gate = createMemoryGate();
    gate.faults.at('read', new GitHubError('unreachable', 'GitHub does not answer'), 100);
    const runner = await finish(OWED, gate);
    expect(runner.annotations).toMatchObject([
      {
        level: 'error',
        title: 'A block is missing',
        message: expect.stringMatching(
          /^1\.2 could not be blocked.*: GitHub does not answer; to block it: gh workflow run block\.yml -R octo\/shop -f release=1\.2 -f environment=staging /,
        ),
      },
    ]);
  });

  test.each([
    ['what nobody can read', '{', createMemoryGate()],
    ['no gate', OWED, new GitHubError('rejected', 'no repository')],
  ])('%s', async (_, kept, gate) => {
    const runner = await finish(kept, gate);
    expect(runner.annotations).toMatchObject([
      { level: 'error', title: 'A block is missing', message: expect.stringMatching(/block it with block\/$/) },
    ]);
  });
});
