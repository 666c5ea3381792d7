import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

/** The literals of a union type, as its source has them. */
function membersOf(path: string, type: string): readonly string[] {
  const [, union = ''] = new RegExp(`export type ${type} =([^;]+);`).exec(readFileSync(path, 'utf8')) ?? [];
  return [...union.matchAll(/'([a-z-]+)'/g)].map(([, member = '']) => member);
}

test('docs/reason-codes.md lists every reason code, once, and no other', () => {
  const listed = [...readFileSync('docs/reason-codes.md', 'utf8').matchAll(/^\| `([a-z-]+)` \|/gm)].map(
    ([, code]) => code,
  );
  const codes = [...membersOf('src/result.ts', 'ReasonCode'), ...membersOf('src/verdict/cause.ts', 'CauseCode')];
  expect(codes.length).toBeGreaterThan(40);
  expect(listed.toSorted()).toEqual(codes.toSorted());
});
