import { describe, expect, test } from '@jest/globals';
import type { Situation } from '../../src/release/mode.ts';
import { rollbackTarget } from '../../src/release/rollback-target.ts';

const KNOWN = ['1.3.0', '1.2.0', '1.1.0', '1.0.0'];
const EVERYTHING_ELSE = { liveState: 'complete', known: KNOWN } as const;

type Case = Partial<Situation> & { readonly unverified?: readonly string[]; readonly blocked?: readonly string[] };

function target({ unverified = [], blocked = [], ...situation }: Case) {
  return rollbackTarget(
    { ...EVERYTHING_ELSE, ...situation },
    { verified: (release) => !unverified.includes(release), blocked: (release) => blocked.includes(release) },
  );
}

describe('rollbackTarget', () => {
  test.each([
    ['the one before the live one', { live: '1.3.0', lastGood: '1.3.0' }, '1.2.0'],
    ['further back after a rollback, not forward again', { live: '1.2.0', lastGood: '1.2.0' }, '1.1.0'],
    ['over one that was never verified', { live: '1.3.0', lastGood: '1.3.0', unverified: ['1.2.0'] }, '1.1.0'],
    ['over a blocked one', { live: '1.3.0', lastGood: '1.3.0', blocked: ['1.2.0', '1.1.0'] }, '1.0.0'],
    ['from a failed deploy', { live: '1.3.0', liveState: 'failed', lastGood: '1.2.0', unverified: ['1.3.0'] }, '1.2.0'],
    [
      'from a failed retry after a rollback: what ran before it',
      { live: '1.3.0', liveState: 'failed', lastGood: '1.1.0' },
      '1.1.0',
    ],
    ['from a failed downgrade: what ran before it', { live: '1.1.0', liveState: 'failed', lastGood: '1.3.0' }, '1.3.0'],
    [
      'from a failed deploy whose last good release is blocked',
      { live: '1.3.0', liveState: 'failed', lastGood: '1.2.0', blocked: ['1.2.0'] },
      '1.1.0',
    ],
    [
      'from a failed deploy whose last good release has no bits left',
      { live: '1.3.0', liveState: 'failed', lastGood: '0.9.0' },
      '1.2.0',
    ],
    ['from a live release whose pods failed later', { live: '1.2.0', liveState: 'failed', lastGood: '1.2.0' }, '1.1.0'],
    ['from what has no name', { live: undefined, lastGood: '1.1.0' }, '1.1.0'],
    ['from what has no name, nothing recorded as good', { live: '' }, '1.3.0'],
    ['from what another hand made', { live: 'by hand', lastGood: '1.1.0' }, '1.1.0'],
  ] as const)('%s', (_, situation, release) => {
    expect(target(situation)).toEqual({ kind: 'found', release });
  });

  test.each([
    [
      'nothing before it',
      { live: '1.0.0', lastGood: '1.0.0' },
      '1.0.0 is live and complete, and no release before it is known to be good; name the one to return to (known: 1.3.0, 1.2.0, 1.1.0)',
    ],
    [
      'nothing before it, though a newer one was good',
      { live: '1.0.0', lastGood: '1.3.0' },
      '1.0.0 is live and complete, and no release before it is known to be good; name the one to return to (known: 1.3.0, 1.2.0, 1.1.0)',
    ],
    [
      'only blocked and unverified ones',
      { live: '1.2.0', blocked: ['1.1.0'], unverified: ['1.0.0'] },
      '1.2.0 is live and complete, and no release before it is known to be good (blocked: 1.1.0); name the one to return to (known: 1.3.0, 1.0.0)',
    ],
    [
      'what became of those that are good no more',
      {
        live: '1.0.0',
        spoilt: new Map([
          ['1.3.0', 'failed'],
          ['1.2.0', 'rolled back'],
        ]),
      },
      '1.0.0 is live and complete, and no release before it is known to be good; name the one to return to (known: 1.3.0 (failed), 1.2.0 (rolled back), 1.1.0)',
    ],
    [
      'nothing good before one that failed',
      { live: '1.0.0', liveState: 'failed', known: ['1.0.0'] },
      'no release before the live 1.0.0 is known to be good; no other is known',
    ],
    ['nothing known', { live: undefined, known: [] }, 'no release here is known to be good; no other is known'],
  ] as const)('refuses with %s', (_, situation, message) => {
    expect(target(situation)).toEqual({ kind: 'refused', reasonCode: 'release-unknown', message });
  });
});
