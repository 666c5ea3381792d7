import { describe, expect, test } from '@jest/globals';
import type { Deployment } from '../../src/rollout/objects.ts';
import { rolloutBegan } from '../../src/verdict/older-pod.ts';
import {
  type ContainerAt,
  ended,
  failedAt,
  judgeAll,
  type MomentOf,
  policyOf,
  restarted,
  unready,
  waiting,
} from './story.ts';

const balanced = policyOf('balanced');
const strict = policyOf('strict');

/** The rollout began in this second; the moments come after it. */
const BEGAN = 10_000;
const WEEKS_BEFORE = 10;

/** Two pods on two nodes that were made then, second by second. */
function pair(born: number, ...pairs: readonly (readonly [ContainerAt, ContainerAt])[]): readonly MomentOf[] {
  return pairs.map(([a, b], second) => ({
    ...{ at: BEGAN + second, began: BEGAN, replicas: 2 },
    pods: [
      { born, app: a },
      { born, name: 'web-b', node: 'n2', app: b },
    ],
  }));
}

const backOff = (restarts: number): ContainerAt => ({
  ...waiting('CrashLoopBackOff', 'back-off', restarts),
  lastState: ended(3).state ?? {},
});
const killed = (restarts: number, isReady = false): ContainerAt => ({
  ...restarted(137, restarts, isReady),
  lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
});
const old = restarted(1, 7, false);

describe('what pods went through before the rollout began is another story', () => {
  test.each<readonly [string, readonly MomentOf[], number | undefined, number | undefined]>([
    ['seven restarts each, and running unready', pair(WEEKS_BEFORE, [old, old], [old, old]), undefined, undefined],
    [
      'two more crashes of one',
      pair(WEEKS_BEFORE, [old, old], [ended(1, 7), old], [ended(1, 8), old]),
      undefined,
      undefined,
    ],
    [
      'three more crashes of one',
      pair(WEEKS_BEFORE, [old, old], [ended(1, 7), old], [ended(1, 8), old], [ended(1, 9), old]),
      3,
      3,
    ],
    ['down as it is first seen', pair(WEEKS_BEFORE, [backOff(7), old]), undefined, undefined],
    [
      'down as it is first seen, and two more crashes',
      pair(WEEKS_BEFORE, [backOff(7), old], [ended(3, 8), old], [backOff(9), old]),
      2,
      2,
    ],
    ['killed for memory before, and once since', pair(WEEKS_BEFORE, [killed(2), old], [killed(3), old]), undefined, 1],
    [
      'killed for memory before and ready, and once since',
      pair(WEEKS_BEFORE, [killed(2, true), old], [killed(3), old]),
      undefined,
      1,
    ],
    ['made by the rollout, seen late', pair(BEGAN, [restarted(1, 3, false), unready]), 0, 0],
    ['made by the rollout, in a crash loop as it is first seen', pair(BEGAN + 1, [backOff(2), unready]), 0, 0],
  ])('%s', (_, moments, whenBalanced, whenStrict) => {
    const seconds = (policy: typeof balanced) => {
      const at = failedAt(policy, moments);
      return at && at - BEGAN;
    };
    expect([seconds(balanced), seconds(strict)]).toEqual([whenBalanced, whenStrict]);
  });

  test('but one that is down shows this one crash', () => {
    const [judged] = judgeAll(balanced, pair(WEEKS_BEFORE, [backOff(7), old]));
    expect(judged?.warnings).toEqual(['container app exits 3, 7 restarts']);
  });
});

describe('a rollout began', () => {
  const WRITTEN = '2026-11-21T12:00:00Z';
  const written = Date.parse(WRITTEN);
  const deployment = (time?: string): Deployment => ({
    metadata: {
      ...{ name: 'web', namespace: 'shop', uid: 'web', resourceVersion: '1' },
      ...(time && { managedFields: [{ manager: 'rollkey', time }] }),
    },
    spec: { selector: {}, template: { spec: { containers: [] } } },
  });
  const minutes = (count: number) => count * 60_000;

  test.each<readonly [string, string | undefined, number, number]>([
    ['with the write, whatever our own clock says', WRITTEN, written + minutes(5), written],
    ['with the write, also by a clock that is slow', WRITTEN, written - minutes(5), written],
    ['with the write of a run that was cut off', WRITTEN, written + minutes(50), written],
    [
      'long before it is watched, where nothing was written for weeks',
      WRITTEN,
      written + minutes(20_000),
      written + minutes(19_940),
    ],
    ['long before it is watched, where nobody knows of a write', undefined, written, written - minutes(60)],
  ])('%s', (_, time, watchedFrom, began) => {
    expect(rolloutBegan(deployment(time), watchedFrom)).toBe(began);
  });
});
