import { expect, test } from '@jest/globals';
import { fillFigures, type Row } from '../../../../sandbox/bench/bad-releases/document.ts';
import type { Measurement } from '../../../../sandbox/bench/bad-releases/trial.ts';

const circumstances = { date: '2026-11-21', command: 'npm run bench', machine: 'one machine', versions: ['helm 4'] };
const empty = 'before\n<!-- figures of npm run bench -->\nold\n<!-- end -->\nafter\n';
const measured: Measurement = {
  ...{ verdict: 2.04, signal: undefined, back: 2.1, restored: 2.25, ended: 17.3 },
  ...{
    touched: true,
    passed: false,
    outcome: '`rolled-back`',
    headline: 'exits 3 | restarts',
    fewest: 3,
    answer: '1.0',
  },
};

function lines(rows: readonly Row[]): readonly string[] {
  return fillFigures(empty, circumstances, rows).split('\n');
}

test('what was measured stands in its column, what was not says so', () => {
  const rows = [{ name: 'crash-at-start', timeout: undefined, measured: { balanced: measured } }];
  expect(lines(rows)).toEqual(
    expect.arrayContaining([
      'before',
      '| crash at start | 2.3 | not measured | not measured | not measured |',
      '| crash at start | 2.0 | not measured | not measured | not measured |',
      '| crash at start | 3, 1.0 | not measured | not measured | not measured |',
      '| crash at start | `rolled-back`<br>exits 3 \\| restarts | not measured |',
      'after',
    ]),
  );
});

test('a ratio needs both sides', () => {
  const helm = { ...measured, restored: 120 };
  const rows = [
    { name: 'crash', timeout: undefined, measured: { balanced: { ...measured, restored: 12 }, helm } },
    { name: 'dies', timeout: '60s', measured: { balanced: measured, strict: measured } },
  ];
  expect(lines(rows)).toEqual(expect.arrayContaining(['| crash | 0.100 | – |', '| dies (timeout: 60s) | – | – |']));
});

test('a release that a tool takes for good has no verdict, and 1.0 never returns', () => {
  const fooled = { ...measured, verdict: undefined, restored: undefined, passed: true, answer: '503' };
  const rows = [{ name: 'dies', timeout: undefined, measured: { helm: fooled } }];
  expect(lines(rows)).toEqual(
    expect.arrayContaining([
      '| dies | not measured | not measured | never | not measured |',
      '| dies | not measured | not measured | none: it passes | not measured |',
    ]),
  );
});

test('filling twice gives the same document', () => {
  const once = fillFigures(empty, circumstances, []);
  expect(fillFigures(once, circumstances, [])).toBe(once);
  expect(() => fillFigures('no marks', circumstances, [])).toThrow('no place for figures');
});
