import { describe, expect, test } from '@jest/globals';
import { readCanary } from '../../src/inputs/canary.ts';

function read(canary: string, hold = '') {
  return readCanary((name) => ({ canary, 'canary-hold': hold })[name] ?? '');
}

describe('sizes', () => {
  test.each([
    ['1', [{ pods: 1 }]],
    ['25%', [{ percent: 25 }]],
    ['1, 25%, 50%', [{ pods: 1 }, { percent: 25 }, { percent: 50 }]],
    ['1\n3\n', [{ pods: 1 }, { pods: 3 }]],
    ['100 %', [{ percent: 100 }]],
    // Which of them is smaller hangs on the replicas.
    ['5, 10%', [{ pods: 5 }, { percent: 10 }]],
  ])('%j', (text, sizes) => {
    expect(read(text)).toEqual({ canary: { sizes, to: 'next' }, problems: [] });
  });

  test.each(['', '  ', ',\n'])('%j asks for no canary', (text) => {
    expect(read(text)).toEqual({ canary: undefined, problems: [] });
  });

  test.each(['0', '0%', '101%', '-1', '1.5', 'half', '1e3', '25%%', '20000'])('%j is none', (text) => {
    expect(read(text).problems).toEqual([`canary "${text}" is no size: write pods (1) or a share from 1% to 100%`]);
  });

  test.each(['3, 1', '50%, 25%', '1, 1', '1, 50%, 25%', '25%, 25%'])('%j does not grow', (text) => {
    expect(read(text).problems).toEqual([
      'canary has a size that is not larger than the one before it: put the smallest first',
    ]);
  });

  test('more than anybody waits for', () => {
    const text = Array.from({ length: 21 }, (_, index) => index + 1).join();
    expect(read(text).problems).toEqual(['canary has 21 sizes: use 20 or fewer']);
  });
});

describe('the hold', () => {
  test('is a duration', () => {
    expect(read('1', '1m30s').canary).toEqual({ sizes: [{ pods: 1 }], holdMs: 90_000, to: 'next' });
  });

  test.each([
    ['1', 'soon', ['canary-hold "soon" is no duration: write 60s, 10m or 1h30m']],
    ['1', '121h', ['canary-hold "121h" is longer than any job may run: use 120h or less']],
    ['', '60s', ['canary-hold says how long a canary is held: set canary to its sizes, or leave it out']],
  ])('of canary %j, %j', (canary, hold, problems) => {
    expect(read(canary, hold).problems).toEqual(problems);
  });

  test('all problems are told at once', () => {
    expect(read('none, 3, 2', 'soon').problems).toHaveLength(3);
  });
});
