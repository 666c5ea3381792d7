import { describe, expect, test } from '@jest/globals';
import {
  type CanarySize,
  canaryOf,
  type HeldCanary,
  isHeldBack,
  podsOf,
  recordCanary,
  settleCanary,
  sizeText,
} from '../../src/release/canary.ts';
import { emptyLedger } from '../../src/release/ledger.ts';

const FIRST: HeldCanary = {
  ...{ release: '1.1', digest: 'one', from: '1.0', sizes: [{ pods: 1 }, { percent: 25 }], step: 0 },
  heldSince: '2026-11-21T12:00:00.000Z',
};
const SECOND: HeldCanary = { release: '1.2', digest: 'two', from: '1.0', sizes: [{ pods: 1 }], step: 0 };

test.each<readonly [CanarySize, number, number]>([
  [{ pods: 1 }, 10, 1],
  [{ pods: 3 }, 10, 3],
  [{ pods: 20 }, 10, 10],
  [{ percent: 25 }, 10, 3],
  [{ percent: 50 }, 10, 5],
  [{ percent: 100 }, 10, 10],
  [{ percent: 1 }, 10, 1],
  [{ percent: 25 }, 1, 1],
  [{ percent: 25 }, 3, 1],
  [{ percent: 50 }, 3, 2],
])('%j of %i replicas are %i pods', (size, replicas, pods) => {
  expect(podsOf(size, replicas)).toBe(pods);
});

test('sizes are shown as they are written', () => {
  expect([sizeText({ pods: 1 }), sizeText({ percent: 25 })]).toEqual(['1', '25%']);
});

test('behind its last size nothing is held back', () => {
  expect([0, 1, 2].map((step) => isHeldBack({ ...FIRST, step }))).toEqual([true, true, false]);
});

describe('in the ledger', () => {
  const held = { ...emptyLedger(), canary: FIRST };

  test('a canary is there as long as its bits are live', () => {
    expect(canaryOf(held, 'one')).toBe(FIRST);
    expect(canaryOf(held, 'other')).toBeUndefined();
    expect(canaryOf(emptyLedger(), 'one')).toBeUndefined();
  });

  test('the next size forgets since when the last one stood', () => {
    const { heldSince: _, ...growing } = { ...FIRST, step: 1 };
    expect(recordCanary(held, growing, 'one').canary).toEqual(growing);
  });

  test('one that takes the place of another does not hide it before it is written', () => {
    const intended = recordCanary(held, SECOND, 'one');
    expect(canaryOf(intended, 'one')).toEqual(FIRST);
    expect(canaryOf(intended, 'two')?.release).toBe('1.2');
    expect(settleCanary(intended, { digest: 'two', heldSince: 'now', all: false }).canary).toEqual({
      ...SECOND,
      heldSince: 'now',
    });
  });

  test('a size that stands anew has the crashes of now, or none', () => {
    const { canary } = settleCanary(held, { digest: 'one', heldSince: 'now', crashes: { a: 1 }, all: false });
    expect(canary).toEqual({ ...FIRST, heldSince: 'now', crashes: { a: 1 } });
    const again = settleCanary({ ...held, canary: canary ?? FIRST }, { digest: 'one', heldSince: 'later', all: false });
    expect(again.canary).toEqual({ ...FIRST, heldSince: 'later' });
  });

  test('an intent that was never written is intended again without a chain', () => {
    const twice = recordCanary(recordCanary(held, SECOND, 'one'), SECOND, 'one');
    expect(twice.canary).toEqual({ ...SECOND, replaces: FIRST });
  });

  test.each<readonly [string, Parameters<typeof settleCanary>[1]]>([
    ['everything runs', { digest: 'one', all: true }],
    ['other bits are live', { digest: 'other', all: false }],
  ])('it is gone once %s', (_, seen) => {
    expect(settleCanary(held, seen)).toEqual(emptyLedger());
  });
});
