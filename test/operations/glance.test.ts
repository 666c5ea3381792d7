import { expect, test } from '@jest/globals';
import { GitHubError } from '../../src/errors.ts';
import { createGlance } from '../../src/operations/glance.ts';
import { createFakeClock } from '../fakes/fake-clock.ts';
import { createLogBook } from '../fakes/log-book.ts';
import { createMemoryGate } from '../fakes/memory-gate.ts';
import { putBlock } from './gate-sample.ts';

function open() {
  const gate = createMemoryGate();
  const ports = { gate, clock: createFakeClock(), log: createLogBook(), interrupt: new AbortController().signal };
  return { gate, glance: createGlance(ports, { scope: 'default', trust: ['github-actions[bot]'] }) };
}

test('what somebody blocks after it was found clear is found blocked', async () => {
  const { gate, glance } = open();
  expect(await glance('1.1')).toBeUndefined();
  const id = putBlock(gate);
  expect(await glance('1.1')).toMatchObject({ code: 'release-blocked', id });
});

test('a release that is blocked is asked about once', async () => {
  const { gate, glance } = open();
  putBlock(gate);
  const [first, second] = [await glance('1.1'), await glance('1.1')];
  expect([second, gate.requests.length]).toEqual([first, 1]);
});

test('once an answer did not come, none is asked for any more', async () => {
  const { gate, glance } = open();
  putBlock(gate);
  gate.faults.at('read', new GitHubError('unreachable', 'GitHub does not answer'));
  expect([await glance('1.1'), await glance('1.1')]).toEqual([undefined, undefined]);
  expect(gate.requests).toHaveLength(1);
});
