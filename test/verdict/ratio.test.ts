import { describe, expect, test } from '@jest/globals';
import { isTolerable, judge, nothingSeen } from '../../src/verdict/judge.ts';
import {
  ended,
  failedAt,
  judgeAll,
  type MomentOf,
  type PodAt,
  policyOf,
  ready,
  seenAt,
  unready,
  waiting,
} from './story.ts';

const invalid = waiting('InvalidImageName');
const good = (name: string): PodAt => ({ name });
const bad = (name: string): PodAt => ({ name, app: invalid });

/** Ten pods wanted, of which so many are bad. */
function ten(failing: number, at = 0, from = 0): MomentOf {
  const pods = Array.from({ length: 10 }, (_, index) =>
    index < failing ? bad(`web-${from + index}`) : good(`web-good-${index}`),
  );
  return { at, replicas: 10, pods };
}

describe('the share of pods that may fail', () => {
  test.each([
    [0, 1, true],
    [0.1, 1, false],
    [0.1, 2, true],
    [0.2, 2, false],
    [0.25, 2, false],
    [0.25, 3, true],
    [0.999, 9, false],
    [0.9, 10, true],
    [1, 10, false],
  ])('%d: %d of 10 failed: %s', (ratio, failing, failed) => {
    expect(failedAt(policyOf('balanced', ratio), [ten(failing)])).toBe(failed ? 0 : undefined);
  });

  test('counts a pod for ever, also when it was replaced', () => {
    const policy = policyOf('balanced', 0.1);
    expect(failedAt(policy, [ten(1), ten(1, 1), ten(0, 2)])).toBeUndefined();
    expect(failedAt(policy, [ten(1), ten(0, 1), ten(1, 2, 5)])).toBe(2);
    const [, , last] = judgeAll(policy, [ten(1), ten(0, 1), ten(1, 2, 5)]);
    expect(last?.cause?.pods).toEqual(['web-0', 'web-5']);
  });

  test('counts each pod once, however many of its containers fail', () => {
    const pods = [{ name: 'web-a', app: invalid, sidecar: invalid }, ...['b', 'c', 'd'].map(good)];
    expect(failedAt(policyOf('balanced', 0.25), [{ at: 0, replicas: 4, pods }])).toBeUndefined();
  });

  describe('is of the most pods that were wanted since it failed', () => {
    const at = (seconds: number, replicas: number, failing = 1, from = 0) => ({
      ...ten(failing, seconds, from),
      replicas,
    });
    test.each<readonly [string, number, readonly MomentOf[], number | undefined]>([
      ['scaled down, what was tolerated is', 0.3, [at(0, 10, 3), at(60, 10, 0), at(65, 5, 0)], undefined],
      ['scaled down with the failing pods there', 0.3, [at(0, 10, 3), at(65, 5, 3)], undefined],
      ['scaled down, another one weighs more', 0.3, [at(0, 10, 3), at(65, 5, 0), at(70, 5, 1, 5)], 70],
      ['scaled down long before', 0.3, [at(0, 10, 0), at(60, 3, 2)], 60],
      ['scaled up, each weighs less', 0.5, [at(0, 2, 1), at(5, 10, 4)], undefined],
      ['scaled up, and too many all the same', 0.5, [at(0, 2, 1), at(5, 10, 6)], 5],
      ['scaled to nothing', 0.25, [at(0, 0)], 0],
    ])('%s', (_, ratio, moments, failed) => {
      expect(failedAt(policyOf('balanced', ratio), moments)).toBe(failed);
    });
  });

  test('names the cause that most tells', () => {
    const pods = [{ name: 'web-a', app: ended(3, 2) }, bad('web-b')];
    const [judged] = judgeAll(policyOf('balanced'), [{ at: 0, replicas: 2, pods }]);
    expect(judged?.cause).toMatchObject({ code: 'image-invalid', pods: ['web-b'] });
  });
});

describe('a rollout that a deadline ends', () => {
  const late = (name: string): PodAt => ({ name, app: unready });
  test.each<readonly [string, number, MomentOf, boolean]>([
    ['all are ready, and something else lacks', 0, { at: 0, replicas: 2, pods: [good('a'), good('b')] }, false],
    ['one of two not ready, none may', 0, { at: 0, replicas: 2, pods: [good('a'), late('b')] }, false],
    [
      'one of four not ready, a quarter may',
      0.25,
      { at: 0, replicas: 4, pods: [late('a'), ...['b', 'c', 'd'].map(good)] },
      true,
    ],
    [
      'one of four fails, a quarter may',
      0.25,
      { at: 0, replicas: 4, pods: [bad('a'), ...['b', 'c', 'd'].map(good)] },
      true,
    ],
    [
      'two of four, a quarter may',
      0.25,
      { at: 0, replicas: 4, pods: [bad('a'), late('b'), good('c'), good('d')] },
      false,
    ],
    ['one is not there at all', 0.5, { at: 0, replicas: 3, pods: [good('a'), good('b')] }, false],
    ['one is leaving', 0.5, { at: 0, replicas: 2, pods: [good('a'), { name: 'b', leaving: true }] }, false],
    ['none is ready, all may fail', 1, { at: 0, replicas: 2, pods: [late('a'), late('b')] }, false],
    ['pods may not be seen', 1, { at: 0, replicas: 2, pods: 'hidden' }, false],
  ])('%s', (_, ratio, moment, tolerable) => {
    expect(isTolerable(nothingSeen, seenAt(moment), policyOf('off', ratio))).toBe(tolerable);
  });

  test('counts the pods that failed before', () => {
    const policy = policyOf('balanced', 0.25);
    const { memory } = judge(nothingSeen, seenAt(ten(2)), policy);
    const oneMore = {
      ...ten(0),
      pods: [late('web-x'), ...Array.from({ length: 9 }, (_, index) => good(`web-${index + 9}`))],
    };
    expect(isTolerable(memory, seenAt(oneMore), policy)).toBe(false);
    expect(isTolerable(nothingSeen, seenAt(oneMore), policy)).toBe(true);
  });
});

test('a deadline counts the pods that lack as a share of those that are wanted now', () => {
  const policy = policyOf('balanced', 0.3);
  const { memory } = judge(nothingSeen, seenAt(ten(3)), policy);
  const five = { ...ten(3), replicas: 5, pods: [...['web-0', 'web-1', 'web-2'].map(bad), good('a'), good('b')] };
  expect(isTolerable(memory, seenAt(five), policy)).toBe(false);
});

test('a pod that is ready fails nothing', () => {
  expect(failedAt(policyOf('strict'), [{ at: 0, pods: [{ app: ready }] }])).toBeUndefined();
});
