import { expect, test } from '@jest/globals';
import { blockCommand, unblockCommand } from '../../src/gate/gate-commands.ts';
import { HOSTILE } from '../report/hostile.ts';

test.each([
  [{ release: '1.1', scope: 'default' }, "gh workflow run unblock.yml -f release=1.1 -f block=123 -f reason='…'"],
  [
    { release: 'feature/login+2', scope: 'shop' },
    "gh workflow run unblock.yml -f release=feature/login+2 -f scope=shop -f block=123 -f reason='…'",
  ],
  [{ release: "it's", scope: 'default' }, "gh workflow run unblock.yml -f release='…' -f block=123 -f reason='…'"],
])('%j is unblocked by', (about, command) => {
  expect(unblockCommand(about, 123)).toBe(command);
});

test('a release is blocked by', () => {
  expect(blockCommand({ release: '1.1', scope: 'default' })).toBe(
    "gh workflow run block.yml -f release=1.1 -f reason='…'",
  );
});

const SHELL = [
  '$(touch owned)',
  '`touch owned`',
  'a;b',
  'a&b',
  'a|b',
  'a>b',
  'a b',
  "a'b",
  'a"b',
  'a\\b',
  'a*',
  '~',
  '{a,b}',
  'a\nb',
  '!!',
  '#a',
  '@a',
  '%PATH%',
  '🚀',
  '',
];

test.each([...SHELL, ...Object.values(HOSTILE)])(
  'what a shell would read something into is left to be filled in: %j',
  (name) => {
    const command = "gh workflow run unblock.yml -f release='…' -f scope='…' -f block=1 -f reason='…'";
    expect(unblockCommand({ release: name, scope: name }, 1)).toBe(command);
  },
);
