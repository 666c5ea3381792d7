import { expect, test } from '@jest/globals';
import { fitSections, SUMMARY_BUDGET } from '../../src/report/budget.ts';

test('what fits stays whole, without a notice', () => {
  const sections = [
    { name: 'one', markdown: 'a' },
    { name: 'empty', markdown: '' },
    { name: 'two', markdown: 'b' },
  ];
  expect(fitSections(sections)).toBe('a\n\nb\n');
});

test('what does not fit is named, and what comes after it still stands', () => {
  const sections = [
    { name: 'the headline', markdown: 'head' },
    { name: 'the diff', markdown: 'é'.repeat(400) },
    { name: 'the way back', markdown: 'back' },
  ];
  const text = fitSections(sections, 1_000);
  expect(text).toMatch(/^head\n\nback\n\nThis summary is too long for GitHub, so it was cut: the diff\./);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000);
});

test('what is expendable goes first, wherever it stands', () => {
  const sections = [
    { name: 'the headline', markdown: 'head' },
    { name: 'the evidence', markdown: 'e'.repeat(400), expendable: true },
    { name: 'the diff', markdown: 'd'.repeat(400) },
    { name: 'some more evidence', markdown: 'more', expendable: true },
  ];
  expect(fitSections(sections, 1_000)).toMatch(/^head\n\nd+\n\nmore\n\nThis .* cut: the evidence\. /);
});

test('the budget lies below the size at which GitHub drops a summary', () => {
  expect(SUMMARY_BUDGET).toBeLessThan(1024 * 1024);
});
