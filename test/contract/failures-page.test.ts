import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { type Proof, RULES, type Sign } from '../../src/verdict/rules.ts';

const rows = [...readFileSync('docs/failures.md', 'utf8').matchAll(/^\| ([a-z ]+) \| .* \| (.*) \| (.*) \|$/gm)]
  .map(([, sign = '', balanced = '', strict = '']) => ({ sign: sign.replaceAll(' ', '-'), balanced, strict }))
  .filter(({ sign }) => sign !== 'sign');

/** A proof in the page's words; several are joined in any order by commas and `or`. */
function words({ times, pods, lastingMs }: Proof): string {
  const seen = times === undefined ? [] : [`${times} times`];
  const where = pods === undefined ? [] : [pods === 'every' ? 'in every new pod' : `on ${pods} pods`];
  const lasts = lastingMs === undefined ? [] : [`after ${lastingMs / 1000} s`];
  return [...seen, ...where, ...lasts].join(' ') || 'at once';
}

/** The page's reasons come after a colon, and `in one pod` is what a number of times means unless said otherwise. */
function proofsIn(cell: string): readonly string[] {
  const [said = ''] = cell.split(':');
  return said.split(/, or |, | or /).map((part) => part.replace(' in one pod', '').replace(/ in one$/, ''));
}

test('docs/failures.md has each sign once', () => {
  expect(rows.map(({ sign }) => sign).toSorted()).toEqual(Object.keys(RULES).toSorted());
});

test.each(rows)('docs/failures.md says when $sign fails a release', ({ sign, balanced, strict }) => {
  const rule = RULES[sign as Sign];
  for (const [cell, proofs] of [
    [balanced, rule.balanced],
    [strict, rule.strict],
  ] as const) {
    const expected = proofs.length === 0 ? ['timeout'] : proofs.map(words);
    expect(proofsIn(cell).toSorted()).toEqual(expected.toSorted());
  }
});
