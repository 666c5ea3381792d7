import { expect, test } from '@jest/globals';
import { ended, judgeAll, type MomentOf, type PodAt, policyOf, restarted, starting, unready } from './story.ts';

const policy = policyOf('balanced', 0, 30_000);

/** Two pods wanted; in which second they have been watched for long enough, moment by moment. */
function quietSeconds(moments: readonly MomentOf[]): readonly (number | undefined)[] {
  return judgeAll(policy, moments).map(({ quietAt }) => quietAt && quietAt / 1000);
}

const two = (at: number, ...pods: readonly PodAt[]): MomentOf => ({ at, replicas: 2, pods });
const a: PodAt = { name: 'a' };
const b: PodAt = { name: 'b' };

test.each<readonly [string, readonly MomentOf[], readonly (number | undefined)[]]>([
  [
    'from when the last one first was ready',
    [two(1, a), two(3, a, { ...b, app: starting }), two(4, a, b), two(9, a, b)],
    [undefined, undefined, 34, 34],
  ],
  ['whichever is the last', [two(1, { ...a, app: starting }, b), two(4, a, b)], [undefined, 34]],
  [
    'readiness that comes and goes changes nothing',
    [two(1, a, b), two(5, a, { ...b, app: unready }), two(6, a, b)],
    [31, 31, 31],
  ],
  [
    'a restart begins anew',
    [
      two(1, a, b),
      two(5, a, { ...b, app: ended(1) }),
      two(6, a, { ...b, app: restarted(1, 1) }),
      two(9, a, { ...b, app: restarted(1, 1) }),
    ],
    [31, undefined, 36, 36],
  ],
  [
    'a restart of a sidecar too',
    [two(1, a, { ...b, sidecar: { ready: true } }), two(5, a, { ...b, sidecar: restarted(1, 1) })],
    [31, 35],
  ],
  [
    'a replaced pod begins anew',
    [two(1, a, b), two(5, a, { ...b, leaving: true }), two(6, a, { name: 'c' })],
    [31, undefined, 36],
  ],
  ['a pod of the same name is another one', [two(1, a, b), two(6, a, { ...b, uid: 'another' })], [31, 36]],
  ['one too many is not waited for', [two(1, a, b), two(2, a, b, { name: 'c', app: starting })], [31, 31]],
  [
    'scaled up in the window: as many as there were, whichever they are',
    [
      { ...two(1, a, b), completed: true },
      { ...two(5, a, b, { name: 'c' }, { name: 'd' }), replicas: 4, completeWith: 2 },
      { ...two(14, { ...a, app: ended(1) }, b, { name: 'c' }, { name: 'd' }), replicas: 4, completeWith: 2 },
    ],
    [31, 31, 35],
  ],
  ['no pods wanted', [{ at: 7, replicas: 0 }], [7]],
  [
    'scaled up meanwhile',
    [two(1, a, b), { ...two(5, a, b), replicas: 3 }, { ...two(8, a, b, { name: 'c' }), replicas: 3 }],
    [31, undefined, 38],
  ],
])('%s', (_, moments, seconds) => {
  expect(quietSeconds(moments)).toEqual(seconds);
});

test('without a sight of pods nothing tells', () => {
  const hidden = (at: number, completed: boolean): MomentOf => ({ at, pods: 'hidden', completed });
  expect(quietSeconds([hidden(1, false), hidden(4, true), hidden(9, true)])).toEqual([undefined, undefined, undefined]);
});
