import { describe, expect, test } from '@jest/globals';
import { runLink } from '../../src/report/run-link.ts';
import { HOSTILE } from './hostile.ts';
import { render } from './rendered.ts';

test.each([
  ['https://github.com/octo/shop/actions/runs/4711', '[run 4711](https://github.com/octo/shop/actions/runs/4711)'],
  ['http://ghes.test:8080/o/s.x/actions/runs/1', '[run 1](http://ghes.test:8080/o/s.x/actions/runs/1)'],
  ['https://evil.example/phish', '`https://evil.example/phish`'],
  ['javascript:alert(1)', '`javascript:alert(1)`'],
  ['https://github.com/octo/shop/actions/runs/1) [x](https://evil.example', undefined],
  ['https://mona:pw@github.com/octo/shop/actions/runs/1', undefined],
  ['', ''],
])('%j', (url, expected) => {
  expect(runLink(url)).toBe(expected ?? `\`${url}\``);
});

describe.each(Object.entries(HOSTILE))('%s', (_, hostile) => {
  test('is no link', () => {
    for (const url of [hostile, `https://github.com/octo/shop/actions/runs/1${hostile}`])
      expect([...render(runLink(url)).kinds].filter((kind) => /link|html|image/.test(kind))).toEqual([]);
  });
});
