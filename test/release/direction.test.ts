import { describe, expect, test } from '@jest/globals';
import { directionTo } from '../../src/release/direction.ts';

describe('directionTo', () => {
  test.each([
    ['a higher version', '1.1.0', '1.0.0', [], 'up'],
    ['a lower version', '1.0.0', '1.1.0', [], 'down'],
    ['a version before history', '1.0.0', '1.1.0', ['1.0.0', '1.1.0'], 'down'],
    ['a sha that came later', 'bbbbbb2', 'aaaaaa1', ['bbbbbb2', 'aaaaaa1'], 'up'],
    ['a sha that came earlier', 'aaaaaa1', 'bbbbbb2', ['bbbbbb2', 'aaaaaa1'], 'down'],
    ['equal versions by history', '1.2.0+b1', '1.2.0+b2', ['1.2.0+b2', '1.2.0+b1'], 'down'],
    ['equal versions, never seen', '1.2.0+b3', '1.2.0+b2', ['1.2.0+b2', '1.2.0+b1'], 'none'],
    ['a sha, never seen', 'cccccc3', 'bbbbbb2', ['bbbbbb2'], 'unknown'],
    ['known, below a live one by another hand', 'aaaaaa1', 'by hand', ['bbbbbb2', 'aaaaaa1'], 'down'],
    ['known, below a live one without a name', '1.0.0', undefined, ['1.0.0'], 'down'],
    ['never seen, nothing to compare with', '1.0.0', undefined, [], 'unknown'],
    ['the live one', 'latest', 'latest', ['latest'], 'none'],
  ] as const)('%s', (_, wanted, live, history, direction) => {
    expect(directionTo(wanted, live, history)).toBe(direction);
  });
});
