import { expect, test } from '@jest/globals';
import type { ContainerStatus, Pod } from '../../src/rollout/objects.ts';
import { crashedSince } from '../../src/verdict/crashed-since.ts';

const HELD = Date.parse('2026-11-21T12:00:00Z');

function pod(name: string, status: Partial<ContainerStatus> = {}): Pod {
  return {
    metadata: { name, namespace: 'shop', uid: name, resourceVersion: '1' },
    status: { containerStatuses: [{ name: 'app', ready: true, restartCount: 0, ...status }] },
  };
}

function crashed(finishedAt: string, reason = 'Error'): Partial<ContainerStatus> {
  return { restartCount: 2, lastState: { terminated: { exitCode: 1, reason, finishedAt } } };
}

test.each([
  ['none crashed', [pod('a'), pod('b')], 0, undefined],
  ['one did before', [pod('a', crashed('2026-11-21T11:59:00Z'))], 0, undefined],
  ['one did since', [pod('a'), pod('b', crashed('2026-11-21T12:01:00Z'))], 0, 'container-crashed'],
  ['one was killed for its memory', [pod('a', crashed('2026-11-21T12:01:00Z', 'OOMKilled'))], 0, 'out-of-memory'],
  ['no more did than may', [pod('a'), pod('b', crashed('2026-11-21T12:01:00Z'))], 0.5, undefined],
  ['nobody says when', [pod('a', { restartCount: 2, lastState: { terminated: { exitCode: 1 } } })], 0, undefined],
])('%s', (_, pods, ratio, code) => {
  expect(crashedSince(pods, HELD, ratio)?.code).toBe(code);
});

test('it tells of the container, and of the pods', () => {
  const pods = [pod('a'), pod('b', crashed('2026-11-21T12:01:00Z'))];
  expect(crashedSince(pods, HELD, 0)).toMatchObject({ pods: ['b'], message: 'container app exits 1, 2 restarts' });
});
