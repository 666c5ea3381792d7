import { expect, test } from '@jest/globals';
import { oneLine } from '../../src/cluster/one-line.ts';

test.each([
  ['a\nb\r\n\tc', 'a b c'],
  ['::error::x\u001b[31mred\u0000', '::error::x [31mred'],
  ['a\u2028b\u202ec', 'a b c'],
  ['  spaces  ', 'spaces'],
  ['Authorization: Bearer eyJhbGciOi.J9-_~+/=', 'Authorization: Bearer ***'],
  ['proxy-authorization: basic dXNlcjpwYXNz', 'proxy-authorization: basic ***'],
  ['', ''],
])('%j becomes %j', (text, line) => {
  expect(oneLine(text)).toBe(line);
});

test('is at most 500 characters long', () => {
  expect(oneLine('x'.repeat(500))).toBe('x'.repeat(500));
  expect(oneLine('x'.repeat(501))).toBe(`${'x'.repeat(499)}…`);
});
