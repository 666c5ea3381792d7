import { describe, expect, test } from '@jest/globals';
import { parseValues } from '../../../sandbox/runner/command-files.ts';

describe('a command file', () => {
  test('gives names and values, on one line or between delimiters', () => {
    expect(parseValues('a=1=2\nb<<END\nx\n\ny=z\nEND\nc<<E\nE\n')).toEqual({ a: '1=2', b: 'x\n\ny=z', c: '' });
  });

  test('may be empty', () => expect(parseValues('')).toEqual({}));

  test.each([
    ['no name', '=x'],
    ['no sign', 'x'],
    ['no end', 'x<<END\ny'],
  ])('is refused with %s', (_, text) => expect(() => parseValues(text)).toThrow());
});
