import { describe, expect, test } from '@jest/globals';
import type { ContainerStatus, Pod } from '../../src/rollout/objects.ts';
import { crashCounts, crashedSince } from '../../src/verdict/crashed-since.ts';

const HELD = Date.parse('2026-11-21T12:00:00Z');

function pod(name: string, status: Partial<ContainerStatus> = {}): Pod {
  return {
    metadata: { name, namespace: 'shop', uid: name, resourceVersion: '1' },
    status: { containerStatuses: [{ name: 'app', ready: true, restartCount: 0, ...status }] },
  };
}

function crashed(finishedAt: string, reason = 'Error', restartCount = 2): Partial<ContainerStatus> {
  return { restartCount, lastState: { terminated: { exitCode: 1, reason, finishedAt } } };
}

test.each([
  ['none crashed', [pod('a'), pod('b')], 0, undefined],
  ['one did before', [pod('a', crashed('2026-11-21T11:59:00Z'))], 0, undefined],
  ['one did since', [pod('a'), pod('b', crashed('2026-11-21T12:01:00Z'))], 0, 'container-crashed'],
  ['one was killed for its memory', [pod('a', crashed('2026-11-21T12:01:00Z', 'OOMKilled'))], 0, 'out-of-memory'],
  ['no more did than may', [pod('a'), pod('b', crashed('2026-11-21T12:01:00Z'))], 0.5, undefined],
  ['nobody says when', [pod('a', { restartCount: 2, lastState: { terminated: { exitCode: 1 } } })], 0, undefined],
])('%s', (_, pods, ratio, code) => {
  expect(crashedSince(pods, { since: HELD }, ratio)?.code).toBe(code);
});

test('it tells of the container, and of the pods', () => {
  const pods = [pod('a'), pod('b', crashed('2026-11-21T12:01:00Z'))];
  expect(crashedSince(pods, { since: HELD }, 0)).toMatchObject({
    pods: ['b'],
    message: 'container app exits 1, 2 restarts',
  });
});

/** As the kubelet leaves one that its runtime lost: nobody knows when, and it counts as a restart. */
function lost(restartCount: number): Partial<ContainerStatus> {
  return { restartCount, lastState: { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown' } } };
}

describe('with the crashes noted as it was held, no clock counts', () => {
  const before = crashed('2026-11-21T12:05:00Z');
  const isLost = { state: lost(1).lastState ?? {}, lastState: {} };
  /** With another container beside one that crashed as before. */
  const both = (name: string, mesh: Partial<ContainerStatus> & { readonly name: string }): Pod => {
    const { metadata, status } = pod(name, before);
    const containerStatuses = [...(status?.containerStatuses ?? []), { ready: true, restartCount: 0, ...mesh }];
    return { metadata, status: { containerStatuses } };
  };
  const noted = crashCounts([pod('a'), pod('b', before)]);
  test.each<readonly [string, readonly Pod[], readonly string[] | undefined]>([
    ['none since', [pod('a'), pod('b', before)], undefined],
    ['one more', [pod('a'), pod('b', { ...before, restartCount: 3 })], ['b']],
    ['the first one', [pod('a', crashed('2026-11-21T11:00:00Z')), pod('b', before)], ['a']],
    ['one that is down', [pod('a'), pod('b', { ...before, state: { terminated: { exitCode: 1 } } })], ['b']],
    ['a count that begins anew', [pod('a'), pod('b', crashed('2026-11-21T12:09:00Z', 'Error', 1))], undefined],
    ['one that its runtime lost', [pod('a', lost(1)), pod('b', before)], undefined],
    ['one more that its runtime lost', [pod('a'), pod('b', lost(3))], undefined],
    [
      'one that is lost, and does not run again yet',
      [pod('a', { ...lost(1), ...isLost }), pod('b', before)],
      undefined,
    ],
    ['one that was lost, of which nobody tells any more', [pod('a', { restartCount: 1 }), pod('b', before)], undefined],
    ['one that was lost, and crashed', [pod('a', { ...before, restartCount: 2 }), pod('b', before)], ['a']],
    ['one that crashed, and was lost', [pod('a', lost(2)), pod('b', before)], ['a']],
    ['a pod that came since, and crashed twice as it started', [pod('a'), pod('c', before)], undefined],
    ['one that came since, and crashed three times', [pod('a'), pod('c', { ...before, restartCount: 3 })], ['c']],
    [
      'two containers of one that came since, twice each',
      [pod('a'), both('c', { ...before, name: 'mesh' })],
      undefined,
    ],
    [
      'one that may have come before, by the clock',
      [pod('a'), pod('c', crashed('2026-11-21T11:59:00Z', 'Error', 3))],
      undefined,
    ],
  ])('%s', (_, pods, names) => {
    expect(crashedSince(pods, { since: HELD, ...(noted && { crashes: noted }) }, 0)?.pods).toEqual(names);
  });

  test('the container that ended last is told of', () => {
    const mesh = { ...crashed('2026-11-21T12:06:00Z'), name: 'mesh', restartCount: 5 };
    const cause = crashedSince([both('b', mesh)], { since: HELD, ...(noted && { crashes: noted }) }, 0);
    expect(cause).toMatchObject({ container: 'mesh', message: 'container mesh exits 1, 5 restarts' });
  });

  const ended = { state: { terminated: { exitCode: 0, reason: 'Completed', finishedAt: '2026-11-21T12:01:00Z' } } };
  const leaving = (each: Pod): Pod => ({
    ...each,
    metadata: { ...each.metadata, deletionTimestamp: '2026-11-21T12:01:30Z' },
  });
  const evicted = (each: Pod): Pod => ({ ...each, status: { ...each.status, phase: 'Failed', reason: 'Evicted' } });
  test.each<readonly [string, readonly Pod[], number, readonly string[] | undefined]>([
    ['one that ends since it was scaled away', [leaving(pod('a', ended)), pod('b', before)], 0, undefined],
    ['all that end, as their node is drained', [leaving(pod('a', ended)), leaving(pod('c', ended))], 0, undefined],
    ['one that its node evicted', [evicted(pod('a', ended)), pod('b', before)], 0, undefined],
    ['one that crashed, of two that stay', [pod('a', ended), pod('b', before), leaving(pod('c'))], 0.4, ['a']],
  ])('who is made anew says nothing, nor is counted: %s', (_, pods, ratio, names) => {
    expect(crashedSince(pods, { since: HELD, ...(noted && { crashes: noted }) }, ratio)?.pods).toEqual(names);
  });

  test('so many that they would fill the ledger are not noted', () => {
    const many = (count: number) => crashCounts(Array.from({ length: count }, (_, index) => pod(`pod-${index}`)));
    expect(Object.keys(many(200) ?? {})).toHaveLength(200);
    expect(many(201)).toBeUndefined();
  });
});
