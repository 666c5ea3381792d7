import { expect, test } from '@jest/globals';
import { sameEnvironment } from '../../src/gate/same-environment.ts';

test.each([
  ['production', 'production', true],
  ['Production', 'pRODUCTION', true],
  ['Übergabe', 'übergabe', true],
  ['production', 'production2', false],
  ['production', 'production ', false],
  ['', '', true],
  ['', 'production', false],
])('%j and %j are one: %s', (name, other, same) => {
  expect(sameEnvironment(name, other)).toBe(same);
});
