import { describe, expect, test } from '@jest/globals';
import { type ContainerAt, failedAt, judgeAll, type MomentOf, policyOf, ready, starting, waiting } from './story.ts';

const balanced = policyOf('balanced');
const strict = policyOf('strict');

const missing = waiting('CreateContainerConfigError', 'secret "keys" not found');
const unsynced = waiting(
  'CreateContainerConfigError',
  'failed to sync secret cache: timed out waiting for the condition',
);
const uncreated = waiting('CreateContainerError', 'failed to reserve container name');
const hooked = waiting('PreStartHookError', 'refused');

/** One pod whose container is so, at each of the seconds. */
function app(...lives: readonly (readonly [number, ContainerAt])[]): readonly MomentOf[] {
  return lives.map(([at, life]) => ({ at, pods: [{ app: life }] }));
}

describe('what must last to count', () => {
  test.each<readonly [string, ContainerAt, number, number, string]>([
    ['config-missing', missing, 18, 3, 'secret "keys" not found (container app)'],
    ['container-not-created', uncreated, 60, 10, 'container app cannot be created: failed to reserve container name'],
    ['container-not-created', hooked, 60, 10, 'container app cannot be created: refused'],
  ])('%s', (code, life, whenBalanced, whenStrict, message) => {
    for (const [policy, grace] of [[balanced, whenBalanced] as const, [strict, whenStrict] as const]) {
      const [first, before, due] = judgeAll(policy, app([5, life], [5 + grace - 0.001, life], [5 + grace, life]));
      expect(first?.wakeAt).toBe((5 + grace) * 1000);
      expect(before?.cause).toBeUndefined();
      expect(due?.cause).toMatchObject({ code, message, pods: ['web-a'] });
      expect(due?.wakeAt).toBeUndefined();
    }
    expect(failedAt(policyOf('off'), app([0, life], [3600, life]))).toBeUndefined();
  });

  test.each<readonly [string, readonly MomentOf[], number | undefined]>([
    [
      'a Secret that comes after ten seconds',
      app([0, missing], [10, missing], [17, missing], [17.5, ready], [40, ready]),
      undefined,
    ],
    ['trouble that went in between', app([0, missing], [10, starting], [11, missing], [28, missing]), undefined],
    ['trouble that came back for long', app([0, missing], [10, starting], [11, missing], [29, missing]), 29],
    ['another trouble in between', app([0, missing], [10, uncreated], [11, missing], [28, missing]), undefined],
    ['a cache that is not filled yet', app([0, unsynced], [120, unsynced]), undefined],
    ['an object that is missing when the cache is filled', app([0, unsynced], [30, missing], [46, missing]), undefined],
    [
      'another pod each time',
      [0, 10, 20].map((at) => ({ at, pods: [{ name: `web-${at}`, app: missing }] })),
      undefined,
    ],
  ])('%s', (_, moments, second) => {
    expect(failedAt(balanced, moments)).toBe(second);
  });
});

describe('pods that do not count', () => {
  test.each([
    ['leaving', { leaving: true }],
    ['evicted', { phase: 'Failed' }],
    ['done', { phase: 'Succeeded' }],
  ])('one that is %s', (_, state) => {
    const moments: readonly MomentOf[] = [0, 60].map((at) => ({
      at,
      pods: [
        { ...state, app: waiting('InvalidImageName') },
        { ...state, name: 'web-b', app: missing },
      ],
    }));
    expect(failedAt(strict, moments)).toBeUndefined();
  });

  test('none, as long as the controller has not seen the change: they may be of the template before', () => {
    const behind = { generation: 2, observedGeneration: 1 };
    const pods = [{ app: waiting('InvalidImageName') }];
    const [judged, ...later] = judgeAll(strict, [
      { at: 0, pods, completed: true, deployment: behind },
      { at: 1, pods, deployment: { generation: 2, observedGeneration: 2 } },
    ]);
    expect(judged).toMatchObject({ cause: undefined, warnings: [], wakeAt: undefined, quietAt: undefined });
    expect(later[0]?.cause?.code).toBe('image-invalid');
  });

  test('a change that the controller has yet to see does not start a grace anew', () => {
    const behind = { generation: 2, observedGeneration: 1 };
    const pods = [{ app: missing }];
    const moments = [
      { at: 0, pods },
      { at: 9, pods, deployment: behind },
      { at: 18, pods },
    ];
    expect(failedAt(balanced, moments)).toBe(18);
  });
});

describe('pods that no node takes', () => {
  const message =
    '0/2 nodes are available: 2 Insufficient cpu. preemption: 0/2 nodes are available: 2 No preemption victims found.';
  const unscheduled = { reason: 'Unschedulable', message };
  const waitingFor = (...seconds: readonly number[]): readonly MomentOf[] =>
    seconds.map((at) => ({ at, pods: [{ unscheduled }] }));

  test('are warned of after 15 s, and are waited for', () => {
    const [first, before, due] = judgeAll(balanced, waitingFor(0, 14.999, 15));
    expect(first?.wakeAt).toBe(15_000);
    expect(before?.warnings).toEqual([]);
    expect(due?.warnings).toEqual(['no node takes the pods: 0/2 nodes are available: 2 Insufficient cpu.']);
    expect(failedAt(balanced, waitingFor(0, 3600))).toBeUndefined();
  });

  test('are waited for 60 s when strict', () => {
    expect(failedAt(strict, waitingFor(0, 59.999))).toBeUndefined();
    expect(failedAt(strict, waitingFor(0, 60))).toBe(60);
  });

  test('are waited for however long where it was seen well before', () => {
    const wasWell = { ...strict, wasWell: true };
    expect(failedAt(wasWell, waitingFor(0, 60, 3600))).toBeUndefined();
    const crashing: readonly MomentOf[] = [{ at: 0, pods: [{ app: waiting('CrashLoopBackOff', 'back-off', 2) }] }];
    expect(failedAt(wasWell, crashing)).toBe(0);
  });

  test('are not even warned of behind a scheduling gate', () => {
    const pods = [{ unscheduled: { reason: 'SchedulingGated' } }];
    const judged = judgeAll(
      strict,
      [0, 3600].map((at) => ({ at, pods })),
    );
    expect(judged.map(({ cause, warnings }) => ({ cause, warnings }))).toEqual(
      Array(2).fill({ cause: undefined, warnings: [] }),
    );
  });
});

test('containers that are not created for a minute are warned of', () => {
  const [first, before, due] = judgeAll(strict, app([0, starting], [59.999, starting], [60, starting]));
  expect(first?.wakeAt).toBe(60_000);
  expect(before?.warnings).toEqual([]);
  expect(due?.warnings[0]).toMatch(/a volume is not mounted, or an image is still being pulled/);
  expect(due?.cause).toBeUndefined();
});

test('a reason that every object has a property of is no trouble', () => {
  expect(failedAt(strict, app([0, waiting('constructor')]))).toBeUndefined();
});
