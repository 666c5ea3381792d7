import { expect, test } from '@jest/globals';
import { nothingTallied, type Tally, tally } from '../../src/checks/tally.ts';
import type { CheckAnswer } from '../../src/ports.ts';

const LETTERS: Readonly<Record<string, CheckAnswer['state']>> = { p: 'pass', f: 'fail', i: 'inconclusive', e: 'error' };

/** Of `pffe`; each answer's message is its letter and its place. */
function tallied(letters: string, threshold: number): Tally {
  const answers = [...letters].map((letter, at) => ({ state: LETTERS[letter] ?? 'pass', message: `${letter}${at}` }));
  return answers.reduce((before, answer) => tally(before, answer, threshold), nothingTallied);
}

test.each<readonly [string, number, Tally['state'], number, string]>([
  ['', 3, 'unknown', 0, ''],
  ['p', 3, 'passed', 1, 'p0'],
  ['pp', 3, 'passed', 2, 'p1'],
  ['f', 3, 'unknown', 1, 'f0'],
  ['ff', 3, 'unknown', 2, 'f1'],
  ['fff', 3, 'failed', 3, 'f2'],
  ['ffff', 3, 'failed', 4, 'f3'],
  ['f', 1, 'failed', 1, 'f0'],
  ['e', 1, 'error', 1, 'e0'],
  ['i', 1, 'inconclusive', 1, 'i0'],
  ['pff', 3, 'passed', 2, 'f2'],
  ['pfff', 3, 'failed', 3, 'f3'],
  ['ffp', 3, 'passed', 1, 'p2'],
  ['ffpff', 3, 'passed', 2, 'f4'],
  ['fffp', 3, 'passed', 1, 'p3'],
  ['iii', 3, 'inconclusive', 3, 'i2'],
  ['eee', 3, 'error', 3, 'e2'],
  ['ffi', 3, 'inconclusive', 3, 'i2'],
  ['iff', 3, 'inconclusive', 3, 'i0'],
  ['eff', 3, 'error', 3, 'e0'],
  ['fie', 3, 'error', 3, 'e2'],
  ['eif', 3, 'error', 3, 'e0'],
  ['eie', 3, 'error', 3, 'e2'],
  ['epfff', 3, 'failed', 3, 'f4'],
])('%j at threshold %i is %s', (letters, threshold, state, inRow, message) => {
  expect(tallied(letters, threshold)).toMatchObject({ state, inRow, message });
});

test('passes and failures are counted, whatever the row', () => {
  expect(tallied('pfppieffp', 3)).toMatchObject({ passes: 4, failures: 5 });
});

test('only a row of nothing but failures fails: every row of four, at every threshold', () => {
  const letters = ['p', 'f', 'i', 'e'];
  const rows = letters.flatMap((a) =>
    letters.flatMap((b) => letters.flatMap((c) => letters.map((d) => a + b + c + d))),
  );
  for (const row of rows)
    for (const threshold of [1, 2, 3, 4]) {
      const last = row.split('p').at(-1) ?? '';
      expect([row, threshold, tallied(row, threshold).state === 'failed']).toEqual([
        ...[row, threshold, last.length >= threshold && /^f+$/.test(last)],
      ]);
    }
});
