import { describe, expect, test } from '@jest/globals';
import {
  type ContainerAt,
  ended,
  failedAt,
  judgeAll,
  type MomentOf,
  policyOf,
  ready,
  restarted,
  unready,
  waiting,
} from './story.ts';

const balanced = policyOf('balanced');
const strict = policyOf('strict');

/** One pod whose container `app` is so, second by second. */
function app(...lives: readonly ContainerAt[]): readonly MomentOf[] {
  return lives.map((life, at) => ({ at, pods: [{ app: life }] }));
}

/** A container that was killed for memory, and is down. */
const killed = (restarts: number) => ended(137, restarts, 'OOMKilled');
const backOff = (life: ContainerAt, restartCount: number): ContainerAt => ({
  ...waiting('CrashLoopBackOff', 'back-off', restartCount),
  lastState: life.state ?? {},
});

describe('while the release starts', () => {
  test.each<readonly [string, readonly MomentOf[], number | undefined, number | undefined]>([
    ['one crash', app(ended(3)), undefined, undefined],
    ['two crashes, then fine', app(ended(3), restarted(3, 1, false), ended(3, 1), restarted(3, 2)), undefined, 2],
    ['the third crash', app(ended(3), ended(3, 1), backOff(ended(3), 1), ended(3, 2)), 3, 1],
    ['the third crash, seen while it backs off', app(ended(3), ended(3, 1), backOff(ended(3), 2)), 2, 1],
    ['three crashes that nobody saw, and up again but not ready', app(unready, restarted(3, 3, false)), 1, 1],
    [
      'three crashes that nobody saw, then ready, then not for a while',
      app(unready, restarted(3, 3), restarted(3, 3, false)),
      undefined,
      undefined,
    ],
    ['three crashes that nobody saw, and ready', app(unready, restarted(3, 3)), undefined, undefined],
    ['an exit with 0', app(ended(0), ended(0, 1), ended(0, 2)), 2, 1],
    ['killed for memory twice', app(killed(0), killed(1)), 1, 0],
    [
      'killed for memory twice, the first seen only afterwards',
      app({ ...killed(1), lastState: killed(0).state ?? {} }),
      0,
      0,
    ],
    ['killed for memory once, and once an exit', app(killed(0), ended(3, 1), restarted(3, 2)), undefined, 0],
    ['the same kill seen twice', app(killed(0), backOff(killed(0), 0), backOff(killed(0), 0)), undefined, 0],
    [
      'old restarts of a pod that was ready, and is not for a while',
      app(restarted(1, 7), restarted(1, 7, false)),
      undefined,
      undefined,
    ],
    ['two more crashes on top of old restarts', app(restarted(1, 7), ended(1, 7), ended(1, 8)), undefined, 2],
    ['three more crashes on top of old restarts', app(restarted(1, 7), ended(1, 7), ended(1, 8), ended(1, 9)), 3, 2],
  ])('%s', (_, moments, whenBalanced, whenStrict) => {
    expect([failedAt(balanced, moments), failedAt(strict, moments)]).toEqual([whenBalanced, whenStrict]);
    expect(failedAt(policyOf('off'), moments)).toBeUndefined();
  });

  test('strict waits until every new pod has crashed twice', () => {
    const second = (app: ContainerAt) => ({ name: 'web-b', app });
    const moments: readonly MomentOf[] = [
      { at: 0, replicas: 2, pods: [{ app: ended(3, 1) }, second(ready)] },
      { at: 1, replicas: 2, pods: [{ app: ended(3, 1) }, second(ended(3))] },
      { at: 2, replicas: 2, pods: [{ app: ended(3, 1) }, second(ended(3, 1))] },
    ];
    expect(failedAt(strict, moments)).toBe(2);
    expect(failedAt(balanced, moments)).toBeUndefined();
  });

  test('crashes of different containers, or of different pods, do not add up', () => {
    const spread = { sidecar: ended(3, 1), app: ended(3, 1), init: ended(0) };
    const moments = [{ at: 0, replicas: 2, pods: [spread, { ...spread, name: 'web-b' }] }];
    expect(failedAt(balanced, moments)).toBeUndefined();
  });
});

describe('init containers and sidecars', () => {
  const initializing = waiting('PodInitializing');
  const init = (...lives: readonly ContainerAt[]): readonly MomentOf[] =>
    lives.map((life, at) => ({ at, pods: [{ app: initializing, init: life }] }));
  test.each<readonly [string, readonly MomentOf[], string | undefined]>([
    [
      'a sidecar that is up again, while the pod still starts',
      [{ at: 0, pods: [{ sidecar: restarted(1, 3), app: unready }] }],
      undefined,
    ],
    ['an init container that ends with 0', init(unready, ended(0)), undefined],
    ['an init container that ends with 0 at the fourth try', init(ended(1), ended(1, 1), ended(0, 3)), undefined],
    [
      'an init container that runs again in a new sandbox',
      init({ ...unready, restartCount: 3, lastState: { terminated: { exitCode: 0 } } }),
      undefined,
    ],
    [
      'an init container that fails three times',
      init(ended(4), ended(4, 2)),
      'init container migrate exits 4, 2 restarts',
    ],
    [
      'a sidecar that ends with 0',
      [{ at: 0, pods: [{ sidecar: ended(0, 2) }] }],
      'sidecar container mesh exits 0, 2 restarts',
    ],
    ['a sidecar that runs on', [{ at: 0, pods: [{ sidecar: ready, init: ended(0) }] }], undefined],
  ])('%s', (_, moments, message) => {
    expect(judgeAll(balanced, moments).at(-1)?.cause?.message).toBe(message);
  });
});

describe('when the release was complete', () => {
  const lost = ended(137, 1, 'ContainerStatusUnknown');
  const lostBefore: ContainerAt = { ...waiting('ContainerCreating', '', 1), lastState: lost.state ?? {} };
  const both = (a: ContainerAt, b: ContainerAt) => ({
    replicas: 2,
    completed: true,
    pods: [{ app: a }, { name: 'web-b', app: b }],
  });
  const story = (...pairs: readonly (readonly [ContainerAt, ContainerAt])[]): readonly MomentOf[] =>
    pairs.map(([a, b], at) => ({ at, ...both(a, b) }));
  test.each<readonly [string, readonly MomentOf[], number | undefined, number | undefined]>([
    ['one restart', story([ready, ready], [ended(1), ready], [restarted(1, 1), ready]), undefined, 1],
    ['one restart that was seen only afterwards', story([ready, ready], [restarted(1, 1), ready]), undefined, 1],
    ['a second crash of one pod', story([ready, ready], [ended(1), ready], [ended(1, 1), ready]), 2, 1],
    [
      'a crash of two pods, one after the other',
      story([ready, ready], [restarted(1, 1), ready], [restarted(1, 1), ended(1)]),
      undefined,
      1,
    ],
    ['restarts from before it was complete', story([restarted(1, 2), restarted(1, 2)]), undefined, undefined],
    [
      'one more after two from before',
      story([restarted(1, 2), ready], [ended(1, 2), ready], [restarted(1, 3), ready]),
      undefined,
      1,
    ],
    [
      'two more after two from before',
      story([restarted(1, 2), ready], [ended(1, 2), ready], [ended(1, 3), ready]),
      2,
      1,
    ],
    [
      'a count that begins anew, and two crashes on top',
      story([restarted(1, 4), ready], [restarted(1, 0), ready], [ended(1), ready], [ended(1, 1), ready]),
      3,
      2,
    ],
    [
      'a count that begins anew, and nothing more',
      story([restarted(1, 4), ready], [restarted(1, 0), ready], [restarted(1, 0, false), ready]),
      undefined,
      undefined,
    ],
    [
      'a container that its runtime lost',
      story([ready, ready], [lost, ready], [lostBefore, ready], [{ ...ready, restartCount: 1 }, ready]),
      undefined,
      undefined,
    ],
    [
      'a container that its runtime lost, and one crash',
      story([ready, ready], [lost, ready], [{ ...ready, restartCount: 1 }, ready], [ended(1, 1), ready]),
      undefined,
      3,
    ],
    [
      'readiness that comes and goes',
      story([ready, ready], [unready, unready], [ready, ready], [unready, ready]),
      undefined,
      undefined,
    ],
  ])('%s', (_, moments, whenBalanced, whenStrict) => {
    expect([failedAt(balanced, moments), failedAt(strict, moments)]).toEqual([whenBalanced, whenStrict]);
  });

  test('a pod that was scaled up later may crash twice before it is ready', () => {
    const late = (app: ContainerAt, at: number): MomentOf => ({
      at,
      replicas: 2,
      completed: true,
      pods: [{}, { name: 'web-b', app }],
    });
    const starts = [late(ended(1), 1), late(ended(1, 1), 2)];
    expect(failedAt(balanced, [...starts, late(restarted(1, 2), 3), late(ended(1, 2), 4)])).toBeUndefined();
    expect(failedAt(balanced, [...starts, late(ended(1, 2), 3)])).toBe(3);
  });

  test('the only pod may restart once, as any other', () => {
    const alone = (app: ContainerAt, at: number): MomentOf => ({ at, completed: true, pods: [{ app }] });
    expect(failedAt(balanced, [alone(ready, 0), alone(ended(1), 1), alone(restarted(1, 1), 2)])).toBeUndefined();
    expect(failedAt(balanced, [alone(ready, 0), alone(ended(1), 1), alone(ended(1, 1), 2)])).toBe(2);
  });
});

describe('a program that cannot be run', () => {
  const error = 'exec: "/no": stat /no: no such file or directory: unknown';
  const failing = (message: string, restarts: number) => waiting('RunContainerError', message, restarts);
  test.each<readonly [string, readonly MomentOf[], number | undefined, number | undefined]>([
    ['not found, at the second sight', app(failing(error, 0), failing(error, 1)), 1, 0],
    [
      'not found, while it backs off',
      app(backOff({ state: { terminated: { exitCode: 128, reason: 'StartError', message: error } } }, 1)),
      0,
      0,
    ],
    ['no words: three crashes', app(failing('', 0), failing('', 1), failing('', 2)), 2, 1],
    ['a shell that finds no command says it in its log only', app(ended(127), ended(127, 1)), undefined, 1],
  ])('%s', (_, moments, whenBalanced, whenStrict) => {
    expect([failedAt(balanced, moments), failedAt(strict, moments)]).toEqual([whenBalanced, whenStrict]);
  });

  test.each([
    [
      'exec: "app": executable file not found in $PATH',
      'command of container app not found: exec: "app": executable file not found in $PATH',
    ],
    [
      'runc create failed: unable to start container process: exec: "/app": permission denied: unknown',
      'command of container app may not be executed: exec: "/app": permission denied',
    ],
    [
      'exec /app: exec format error',
      'command of container app is no program for this CPU: exec /app: exec format error',
    ],
    ['mount /data: no such file or directory', 'container app cannot start: mount /data: no such file or directory'],
  ])('%s', (message, clause) => {
    const [judged] = judgeAll(strict, app(failing(message, 0)));
    expect(judged?.cause).toMatchObject({ code: 'container-not-started', message: clause, container: 'app' });
  });
});

test('every crash is warned of once, in words that all pods share', () => {
  const pods = [{ app: ended(3) }, { name: 'web-b', app: ended(3) }];
  const [judged] = judgeAll(balanced, [{ at: 0, replicas: 2, pods }]);
  expect(judged?.warnings).toEqual(['container app exits 3']);
});
