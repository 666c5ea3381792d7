import { styleText } from 'node:util';
import { expect, test } from '@jest/globals';
import { wrap } from '../../../sandbox/demo/wrap.ts';

test.each([
  ['breaks at blanks', 'one two three', '| one two\n| three'],
  ['leaves a word that is too long', 'incomprehensibilities', '| incomprehensibilities'],
  ['leaves what is indented, as tables are', '  a      b      c', '|   a      b      c'],
  ['keeps a box closed', '▌ one two three', '| ▌ one\n| ▌ two\n| ▌ three'],
  ['keeps empty lines', 'one\n\ntwo', '| one\n|\n| two'],
])('%s', (_, text, expected) => {
  expect(wrap(text, 10, '| ')).toBe(expected);
});

test('colours have no width', () => {
  const coloured = styleText('red', 'one two', { validateStream: false });
  expect(wrap(coloured, 10, '| ')).toBe(`| ${coloured}`);
});
