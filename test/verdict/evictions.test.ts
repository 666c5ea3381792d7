import { describe, expect, test } from '@jest/globals';
import { explain } from '../../src/verdict/judge.ts';
import { ended, failedAt, judgeAll, type MomentOf, type PodAt, policyOf, seenAt, starting, unready } from './story.ts';

const balanced = policyOf('balanced');
const strict = policyOf('strict');

const CACHE = 'Usage of EmptyDir volume "cache" exceeds the limit "10Mi". ';

function evicted(count: number): readonly PodAt[] {
  return Array.from({ length: count }, (_, index) => ({ name: `web-${index}`, evicted: CACHE, app: ended(137) }));
}

/** A pod that is evicted every 5 s before it is ready, and the next one in its place. */
function evicting(message: string, replicas = 1, count = 6): readonly MomentOf[] {
  return Array.from({ length: count }, (_, index) => ({
    at: index * 5,
    replicas,
    pods: [
      ...Array.from(
        { length: index },
        (_, gone): PodAt => ({ name: `web-${gone}`, evicted: message, app: ended(137) }),
      ),
      { name: `web-${index}`, app: starting },
      ...Array.from({ length: replicas - 1 }, (_, other): PodAt => ({ name: `web-well-${other}` })),
    ],
  }));
}

describe('pods that go beyond a limit of their own', () => {
  test.each([
    CACHE,
    'Container app exceeded its local ephemeral storage limit "10Mi". ',
    'Pod ephemeral local storage usage exceeds the total limit of containers 10Mi. ',
  ])('%s', (message) => {
    expect([failedAt(balanced, evicting(message)), failedAt(strict, evicting(message))]).toEqual([15, 10]);
    expect(failedAt(policyOf('off'), evicting(message))).toBeUndefined();
    const failed = judgeAll(balanced, evicting(message)).find(({ cause }) => cause);
    expect(failed?.cause).toMatchObject({
      code: 'pod-evicted',
      message: `evicted: ${message.trim()} (on 3 pods)`,
      pods: ['web-0', 'web-1', 'web-2'],
    });
    expect(failed?.warnings).toEqual([`evicted: ${message.trim()}`]);
  });

  test('count where each was ready for some seconds', () => {
    const moments = Array.from({ length: 8 }, (_, index) => [
      { at: index * 7, pods: [...evicted(index), { name: `web-${index}` }] },
      { at: index * 7 + 6, pods: evicted(index + 1) },
    ]).flat();
    expect([failedAt(balanced, moments), failedAt(strict, moments)]).toEqual([20, 13]);
  });

  test('do not count once they have served', () => {
    const well = (count: number) => Array.from({ length: count }, (_, index): PodAt => ({ name: `well-${index}` }));
    const moments = [0, 1, 2, 3].flatMap((count) => [
      { at: count * 300, replicas: 20, pods: [...evicted(count), { name: `web-${count}` }, ...well(10 + count)] },
      { at: count * 300 + 100, replicas: 20, pods: [...evicted(count + 1), ...well(10 + count)] },
    ]);
    expect(failedAt(balanced, moments)).toBeUndefined();
  });

  test('count though they are taken away, as a StatefulSet does', () => {
    const moments = evicting(CACHE).map(({ pods = [], ...moment }) => ({
      ...moment,
      pods: pods === 'hidden' ? pods : pods.slice(-2),
    }));
    expect(failedAt(balanced, moments)).toBe(15);
  });

  test('are no more than may fail, where so many may', () => {
    expect(failedAt(policyOf('balanced', 0.5), evicting(CACHE, 6, 4))).toBeUndefined();
    expect(failedAt(policyOf('balanced', 0.5), evicting(CACHE, 6, 5))).toBe(20);
  });

  test('explain a rollout that is out of time, unless something else lasts', () => {
    const moments = evicting(CACHE, 1, 3);
    const { memory } = judgeAll(balanced, moments).at(-1) ?? {};
    if (!memory) throw new Error('no moment');
    const late = (app: PodAt['app']) => seenAt({ at: 600, pods: [{ name: 'web-2', ...(app && { app }) }] });
    expect(explain(memory, late(unready))?.code).toBe('pod-evicted');
    expect(explain(memory, late(ended(3)))?.code).toBe('container-crashed');
  });
});

describe('pods that say nothing about the release', () => {
  test.each([
    'The node was low on resource: ephemeral-storage. Threshold quantity: 1Gi, available: 900Mi. Container app was using 2Gi, request is 0, has larger consumption of ephemeral-storage. ',
    'The node had condition: [DiskPressure]. ',
    '',
  ])('evicted: %s', (message) => {
    expect(failedAt(strict, evicting(message))).toBeUndefined();
  });

  test('those of a release that is returned to, from the time before', () => {
    const old = ['a', 'b', 'c'].map((name): PodAt => ({ name, evicted: CACHE, app: ended(137) }));
    const moments = [0, 5, 10].map((at) => ({ at, pods: [...old, { name: 'web-new' }] }));
    expect(failedAt(strict, moments)).toBeUndefined();
  });

  test.each([true, false])('one that its node takes down, while it still runs (complete: %s)', (completed) => {
    const both = (at: number, b: PodAt): MomentOf => ({
      at,
      replicas: 2,
      completed,
      pods: [{}, { name: 'web-b', ...b }],
    });
    const down: PodAt = { disrupted: true, app: ended(143) };
    const moments = [
      both(0, {}),
      both(5, { ...down, app: unready }),
      both(6, down),
      both(7, { ...down, app: ended(143, 1) }),
    ];
    expect(failedAt(strict, moments)).toBeUndefined();
    expect(judgeAll(strict, moments).at(-1)?.quietAt).toBeUndefined();
  });

  test('one that nobody took away in the end is watched on', () => {
    const quiet = judgeAll(strict, [
      { at: 0, pods: [{}] },
      { at: 5, pods: [{ disrupted: true }] },
    ]).map((each) => each.quietAt);
    expect(quiet).toEqual([30_000, 30_000]);
  });
});
