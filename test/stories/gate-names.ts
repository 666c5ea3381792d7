import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { webImage } from '../../sandbox/desk/test-cluster.ts';
import type { ActionRun } from '../../sandbox/runner/run-action.ts';
import { render } from '../report/rendered.ts';
import { ending, type GateDesk, gateStory } from './gate-desk.ts';
import type { Story } from './story.ts';

/** Releases whose names are no versions, by what is special about them. */
const names: Readonly<Record<string, string>> = {
  'a slash': 'feature/cart',
  'a plus': '1.0.0+build.5',
  '200 characters': `1.0-${'x'.repeat(196)}`,
  emoji: '1.0 🚀 👩‍👩‍👧',
};

/** Nothing of it may be carried out or rendered, wherever it ends up. */
const hostile =
  '$(touch owned) `touch owned` <script>alert(1)</script> ![x](https://evil.example/x.png) | **b** @mona %0A:x';
const hostileReason = `${hostile}\n::set-output name=allowed::true\n::error::owned\n\u001b[31m##[set-env name=A]b\n\n# owned\n\n<h1>owned</h1>`;

/** What no name of a release may have. */
const command = '1.1\n::error::owned\n::set-output name=allowed::true\n\u001b[31m##[set-env name=A]b';

async function blockedAndBack({ run, records }: GateDesk, release: string): Promise<void> {
  const asked = { release, environment: 'production' };
  const block = await run('block', { release, reason: 'it leaks' });
  expect([block.exitCode, block.outputs['changed']]).toEqual([0, 'true']);
  expect(records()[0]?.payload).toMatchObject({ kind: 'release-block', release });
  expect(records()[0]?.task.length).toBeLessThan(100);
  const again = await run('block', { release, reason: 'it leaks' });
  expect([again.exitCode, again.outputs['changed']]).toEqual([0, 'false']);
  const stopped = await run('gate', asked);
  expect(ending(stopped)).toEqual([1, 'false', 'release-blocked']);
  expect(JSON.parse(stopped.outputs['result'] ?? '')).toMatchObject({ release, allowed: false });
  // Of what has the same beginning, or the same letters, nothing is blocked.
  for (const other of [`${release}.1`.slice(-200), release.replace(/\W/, '-').slice(0, 199)])
    expect(ending(await run('gate', { ...asked, release: other }))).toEqual([0, 'true', 'open']);
  expect((await run('unblock', { release, reason: 'it does not' })).exitCode).toBe(0);
  expect(ending(await run('gate', asked))).toEqual([0, 'true', 'open']);
}

/** No command but those that an action gives itself, no element that foreign text made, one line for each message. */
function expectHarmless({ commands, summary, annotations, log, outputs }: ActionRun): void {
  const given = new Set(commands.map(({ name }) => name));
  expect([...given].filter((name) => !['add-mask', 'debug', 'error', 'warning', 'notice'].includes(name))).toEqual([]);
  expect(annotations.filter(({ level, message }) => level === 'error' && message === 'owned')).toEqual([]);
  expect(annotations.filter(({ title, message }) => /[\n\r]/.test(title + message))).toEqual([]);
  const { html, kinds } = render(summary);
  expect(html.filter((element) => /<(script|h1|img)/i.test(element))).toEqual([]);
  expect(kinds.has('image')).toBe(false);
  expect(render(summary).text).not.toBe('');
  expect(summary).not.toMatch(/^# owned/m);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is there is the point
  for (const text of [summary, log, outputs['message'] ?? '']) expect(text).not.toMatch(/\u001b/);
}

/** No output has a line of its own, an escape or a command in it, but for what is JSON or lists images line by line. */
function expectUntouched({ outputs, log }: ActionRun): void {
  const plain = Object.entries(outputs).filter(([name]) => name !== 'result' && name !== 'images');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is there is the point
  expect(plain.filter(([, value]) => /[\n\r\u001b]|::|##\[/.test(value))).toEqual([]);
  const told: unknown[] = [];
  JSON.parse(outputs['result'] ?? '', (_, value) => {
    told.push(value);
    return value;
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: likewise
  expect(told.filter((value) => typeof value === 'string' && /\u001b|^::|\n::/.test(value))).toEqual([]);
  expect(log).not.toMatch(/^::(error|set-output)::?owned/m);
}

export const gateNames: readonly Story[] = [
  ...Object.entries(names).map(([title, release]) =>
    gateStory(`a release with ${title} is blocked, stopped, unblocked and let in`, (at) => blockedAndBack(at, release)),
  ),
  gateStory('what somebody wrote into release and reason is not carried out, and not rendered', async (at) => {
    const { run, records } = at;
    const asked = { release: hostile, environment: 'production' };
    const block = await run('block', { release: hostile, reason: hostileReason, environment: 'staging' });
    expect(block.exitCode).toBe(0);
    const stopped = await run('gate', asked);
    expect(ending(stopped)).toEqual([1, 'false', 'release-blocked']);
    const unblock = await run('unblock', { release: hostile, reason: hostileReason });
    expect(unblock.exitCode).toBe(0);
    const open = await run('gate', asked);
    expect(ending(open)).toEqual([0, 'true', 'open']);
    for (const each of [block, stopped, unblock, open]) expectHarmless(each);
    // The record keeps the name as it was given: it is data there.
    expect(records().map(({ payload }) => payload.release)).toEqual([hostile, hostile]);
    expect(stopped.outputs['allowed']).toBe('false');
    // A command to copy holds no word that a shell would read as anything but a word.
    expect(stopped.summary).not.toMatch(/gh workflow run .*touch owned/);
    expect(records()[0]?.statuses[0]?.description).not.toMatch(/\n/);
  }),
  gateStory('nor is what stands in a change-cause, when that release is left', async (at) => {
    const { desk, deploy, deployBad, rollBack, records } = at;
    await desk.install({ name: 'staging', image: webImage('0.9') });
    expectHarmless(await deploy('staging', '1.0'));
    const cause = { metadata: { annotations: { 'kubernetes.io/change-cause': hostile } } };
    const container = { name: 'web', image: webImage('1.1') };
    await desk.byHand.patch('staging', { ...cause, spec: { template: { spec: { containers: [container] } } } });
    await desk.complete('staging');
    const back = await rollBack('staging', '1.0', { reason: hostileReason });
    expect([back.exitCode, back.outputs['mode']]).toEqual([0, 'rollback']);
    expectHarmless(back);
    expect(back.outputs['blocked-release']).toBe(hostile);
    expect(records().map(({ payload }) => payload.release)).toEqual([hostile]);
    expectHarmless(await deployBad('staging', '1.2', { reason: hostileReason }));
    await desk.answers('1.0', 'staging');
  }),
  gateStory(
    'a change-cause that no release can have names nothing, and reaches no output and no record',
    async (at) => {
      const { desk, github, deploy, deployBad, rollBack, records, run } = at;
      await desk.install({ name: 'staging', image: webImage('0.9') });
      expectHarmless(await deploy('staging', '1.0'));
      // A ReplicaSet's creation is told in whole seconds; within one, nobody can say what came later.
      await pause(1_000);
      const cause = { metadata: { annotations: { 'kubernetes.io/change-cause': command } } };
      const container = { name: 'web', image: webImage('1.1') };
      await desk.byHand.patch('staging', { ...cause, spec: { template: { spec: { containers: [container] } } } });
      await desk.complete('staging');
      const failed = await deployBad('staging', '1.2');
      expect([failed.outputs['outcome'], failed.outputs['previous-release']]).toEqual(['rolled-back', '']);
      const unnamed = `web=${webImage('1.1')}`;
      expect(failed.outputs['rolled-back-to']).toBe(unnamed);
      const back = await rollBack('staging', '1.0');
      expect([back.exitCode, back.outputs['mode'], back.outputs['blocked-release']]).toEqual([0, 'rollback', unnamed]);
      for (const each of [failed, back]) {
        expectHarmless(each);
        expectUntouched(each);
      }
      expect(records().map(({ payload }) => payload.release)).toEqual(['1.2', unnamed]);
      expect((await run('unblock', { release: unnamed, reason: 'it was not to blame' })).exitCode).toBe(0);
      expect(JSON.stringify(github.deployments())).not.toMatch(/owned|\\u001b/);
      await desk.answers('1.0', 'staging');
    },
  ),
];
