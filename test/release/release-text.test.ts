import { describe, expect, test } from '@jest/globals';
import { listReleases, showRelease } from '../../src/release/release-text.ts';

describe('showRelease', () => {
  test.each([
    ['1.4.2', '1.4.2'],
    ['kubectl set image\ndeployment/web', 'kubectl set image\u{FFFD}deployment/web'],
    ['\u{1B}[2J', '\u{FFFD}[2J'],
    ['x'.repeat(80), 'x'.repeat(80)],
    ['x'.repeat(81), `${'x'.repeat(79)}…`],
    ['🚀'.repeat(80), '🚀'.repeat(80)],
    ['🚀'.repeat(100_000), `${'🚀'.repeat(79)}…`],
  ])('%j', (name, shown) => {
    expect(showRelease(name)).toBe(shown);
  });
});

describe('listReleases', () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `${count - index}`);

  test.each([
    [0, 'none'],
    [2, '2, 1'],
    [10, '10, 9, 8, 7, 6, 5, 4, 3, 2, 1'],
    [1000, '1000, 999, 998, 997, 996, 995, 994, 993, 992, 991 and 990 more'],
  ])('%d names', (count, text) => {
    expect(listReleases(names(count))).toBe(text);
  });

  test('with what became of some', () => {
    expect(listReleases(names(3), new Map([['2', 'failed']]))).toBe('3, 2 (failed), 1');
  });
});
