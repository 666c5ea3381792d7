import { describe, expect, test } from '@jest/globals';
import {
  emptyLedger,
  findEntry,
  goodReleases,
  isGood,
  type Ledger,
  type LedgerEntry,
  lastAttempted,
  settled,
  verdictOf,
} from '../../src/release/ledger.ts';

/** Times of an entry as minutes of one hour. */
interface Minutes {
  readonly attempted?: number;
  readonly verified?: number;
  readonly failed?: number;
  readonly superseded?: number;
  readonly rolledBack?: number;
}

function entry(release: string, { attempted = 0, ...others }: Minutes): LedgerEntry {
  const times = Object.entries(others).map(([what, minute]) => [`${what}At`, at(minute)]);
  return {
    release,
    template: 'digest',
    images: {},
    firstAttemptedAt: at(0),
    attemptedAt: at(attempted),
    ...Object.fromEntries(times),
  };
}

function at(minute: number): string {
  return `2026-11-21T10:${String(minute).padStart(2, '0')}:00.000Z`;
}

function ledgerOf(...entries: readonly LedgerEntry[]): Ledger {
  return { ...emptyLedger(), entries };
}

const histories: readonly (readonly [string, Minutes, ReturnType<typeof verdictOf>, boolean])[] = [
  ['attempted', { attempted: 1 }, 'attempted', false],
  ['verified', { attempted: 1, verified: 2 }, 'verified', true],
  ['verified in the same moment', { attempted: 1, verified: 1 }, 'verified', true],
  ['failed', { attempted: 1, failed: 2 }, 'failed', false],
  ['failed, then verified', { attempted: 3, failed: 2, verified: 4 }, 'verified', true],
  ['verified, then failed', { attempted: 3, verified: 2, failed: 4 }, 'failed', false],
  ['verified, then cut off in a second attempt', { attempted: 3, verified: 2 }, 'verified', true],
  ['verified, then superseded in a second attempt', { attempted: 3, verified: 2, superseded: 4 }, 'superseded', true],
  ['superseded', { attempted: 1, superseded: 2 }, 'superseded', false],
  ['verified, then left', { attempted: 1, verified: 2, rolledBack: 3 }, 'rolled-back', false],
  ['left, then verified again', { attempted: 4, verified: 5, rolledBack: 3 }, 'verified', true],
  ['left, then tried again', { attempted: 4, verified: 2, rolledBack: 3 }, 'rolled-back', false],
];

describe('an entry', () => {
  test.each(histories)('%s', (_, minutes, verdict, good) => {
    expect(verdictOf(entry('1.0', minutes))).toBe(verdict);
    expect(isGood(entry('1.0', minutes))).toBe(good);
  });
});

describe('a ledger', () => {
  test('what a name stood for is good until other bits were seen under it', () => {
    const replaced = { ...entry('1.0', { verified: 5 }), replicaSet: { name: 'web-1', uid: 'uid-1' } };
    const intended = { ...entry('1.0', { attempted: 6 }), replaced };
    expect([settled(intended), goodReleases(ledgerOf(intended))]).toEqual([replaced, ['1.0']]);
    const seen = { ...intended, replicaSet: { name: 'web-2', uid: 'uid-2' } };
    expect([settled(seen), goodReleases(ledgerOf(seen))]).toEqual([seen, []]);
    expect(settled(entry('1.0', {}))).toBeUndefined();
  });

  test('the release that was verified last is first among the good ones, whatever its version', () => {
    const ledger = ledgerOf(
      entry('1.0', { verified: 5 }),
      entry('1.1', { verified: 3 }),
      entry('1.2', { failed: 9 }),
      entry('1.3', { verified: 4 }),
    );
    expect(goodReleases(ledger)).toEqual(['1.0', '1.3', '1.1']);
  });

  test('of two in the same moment, the one that came later counts', () => {
    const ledger = ledgerOf(entry('1.0', { verified: 3 }), entry('1.1', { verified: 3 }));
    expect(goodReleases(ledger)).toEqual(['1.1', '1.0']);
    expect(lastAttempted(ledger)).toBe('1.1');
  });

  test('the last attempt counts, not the last newcomer', () => {
    expect(lastAttempted(ledgerOf(entry('1.0', { attempted: 8 }), entry('1.1', { attempted: 3 })))).toBe('1.0');
    expect(lastAttempted(emptyLedger())).toBeUndefined();
  });

  test('names are compared exactly', () => {
    const ledger = ledgerOf(entry('1.0', {}), entry('__proto__', {}));
    expect(findEntry(ledger, '1.0')?.release).toBe('1.0');
    expect(findEntry(ledger, '__proto__')?.release).toBe('__proto__');
    for (const other of ['v1.0', '1.0.0', '1.0 ', 'constructor', '']) expect(findEntry(ledger, other)).toBeUndefined();
  });
});
