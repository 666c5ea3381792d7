import { describe, expect, test } from '@jest/globals';
import { plainLine } from '../../src/foreign/plain-text.ts';
import { safeLine } from '../../src/report/log-line.ts';
import { HOSTILE } from '../report/hostile.ts';

const ESC = String.fromCharCode(0x1b);
const BEL = String.fromCharCode(0x07);

test.each([
  ['plain', 'plain'],
  ['  two\n lines\t ', 'two lines'],
  [`${ESC}[1;31mred${ESC}[0m`, 'red'],
  [`${ESC}]0;title${BEL}after`, 'after'],
  [`${ESC}]8;;https://evil.example${ESC}\\link${ESC}]8;;${ESC}\\`, 'link'],
  [`${ESC}(Bascii`, 'ascii'],
  [`${ESC}`, '\u{FFFD}'],
  ['a\u0000b\u202Ec', 'a\u{FFFD}b\u{FFFD}c'],
  ['👩‍👩‍👧 東京', '👩‍👩‍👧 東京'],
])('plain line of %j', (foreign, expected) => {
  expect(plainLine(foreign)).toBe(expected);
});

test('a long line is cut to the length asked for, not within a character', () => {
  expect(plainLine('🚀'.repeat(100_000), 5)).toBe('🚀🚀🚀🚀…');
});

test.each([
  ['::set-output name=a::b', ': :set-output name=a::b'],
  ['   ::error::x', ': :error::x'],
  ['\u00A0\u2003::error::x', ': :error::x'],
  [`${ESC}[0m::error::x`, ': :error::x'],
  [`:${ESC}[0m:error::x`, ': :error::x'],
  ['x ##[set-env name=A]b', 'x ## [set-env name=A]b'],
  [`##${ESC}[0m[group]x`, '## [group]x'],
  ['##[##[group]', '## [## [group]'],
  ['deployment shop/web: a::b', 'deployment shop/web: a::b'],
])('log line of %j', (foreign, expected) => {
  expect(safeLine(foreign)).toBe(expected);
});

describe.each(Object.entries(HOSTILE))('hostile text: %s', (_, hostile) => {
  test('in the log is one line that the runner does not obey', () => {
    const line = safeLine(hostile);
    expect(line.trimStart().startsWith('::') || line.includes('##[')).toBe(false);
    expect(line).not.toMatch(/\p{Cc}/u);
    expect(line.length).toBeLessThanOrEqual(2_000);
  });
});
