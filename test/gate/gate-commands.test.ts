import { expect, test } from '@jest/globals';
import { blockCommand, commandPage, rollbackCommand, unblockCommand } from '../../src/gate/gate-commands.ts';
import { HOSTILE } from '../report/hostile.ts';

const RUN_URL = 'https://github.com/octo/shop/actions/runs/4711';

test.each([
  [
    { release: '1.1', scope: 'default', runUrl: '' },
    "gh workflow run unblock.yml -f release=1.1 -f block=123 -f reason='…'",
  ],
  [
    { release: 'feature/login+2', scope: 'shop', runUrl: RUN_URL },
    "gh workflow run unblock.yml -R octo/shop -f release=feature/login+2 -f scope=shop -f block=123 -f reason='…'",
  ],
  [
    { release: "it's", scope: 'default', runUrl: 'https://ghes.test/octo/s.x/actions/runs/1' },
    "gh workflow run unblock.yml -R ghes.test/octo/s.x -f release='…' -f block=123 -f reason='…'",
  ],
])('%j is unblocked by', (about, command) => {
  expect(unblockCommand(about, 123)).toBe(command);
});

test.each([
  ['', "gh workflow run block.yml -R octo/shop -f release=1.1 -f reason='…'"],
  ['staging', "gh workflow run block.yml -R octo/shop -f release=1.1 -f environment=staging -f reason='…'"],
  ['two words', "gh workflow run block.yml -R octo/shop -f release=1.1 -f environment='…' -f reason='…'"],
])('a release that proved bad in %j is blocked by', (environment, command) => {
  expect(blockCommand({ release: '1.1', scope: 'default', environment, runUrl: RUN_URL })).toBe(command);
});

test.each([
  ['1.0', "gh workflow run rollback.yml -R octo/shop -f environment=staging -f release=1.0 -f reason='…'"],
  ['', "gh workflow run rollback.yml -R octo/shop -f environment=staging -f reason='…'"],
  ['$(id)', "gh workflow run rollback.yml -R octo/shop -f environment=staging -f release='…' -f reason='…'"],
])('an environment is rolled back to %j by', (release, command) => {
  expect(rollbackCommand({ release, environment: 'staging' }, RUN_URL)).toBe(command);
});

test('a workflow is started on its page where there is no gh', () => {
  expect(commandPage(RUN_URL, 'unblock.yml')).toBe('https://github.com/octo/shop/actions/workflows/unblock.yml');
  expect(commandPage('', 'unblock.yml')).toBe('');
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
  '-a;b',
  '@a',
  '%PATH%',
  '🚀',
  '',
];

test.each([...SHELL, ...Object.values(HOSTILE)])(
  'what a shell would read something into is left to be filled in: %j',
  (name) => {
    const command = "gh workflow run unblock.yml -f release='…' -f scope='…' -f block=1 -f reason='…'";
    expect(
      unblockCommand({ release: name, scope: name, runUrl: `https://github.com/${name}/${name}/actions/runs/1` }, 1),
    ).toBe(command);
  },
);
