import { describe, expect, test } from '@jest/globals';
import { parseCommand, readPrinted } from '../../../sandbox/runner/workflow-commands.ts';

const lines: readonly (readonly [string, object | undefined])[] = [
  [
    '::error title=A%3A b,line=1::one%0Atwo',
    { name: 'error', properties: { title: 'A: b', line: '1' }, data: 'one\ntwo' },
  ],
  ['  ::NOTICE::x', { name: 'notice', properties: {}, data: 'x' }],
  ['some ##[warning title=t;]older', { name: 'warning', properties: { title: 't' }, data: 'older' }],
  ['::set-output name=x::%2525', { name: 'set-output', properties: { name: 'x' }, data: '%25' }],
  ['::unknown::x', undefined],
  ['text ::error::x', undefined],
  ['::error:x', undefined],
];

describe('a line', () => {
  test.each(lines)('%s', (line, command) => expect(parseCommand(line)).toEqual(command));
});

describe('what a step printed', () => {
  test('is hidden from the moment that it was named as secret', () => {
    const printed = readPrinted();
    for (const line of ['pass hunter2', '::add-mask::hunter2', 'pass hunter2']) printed.read(line);
    expect(printed.log()).toBe('pass hunter2\npass ***');
    expect(printed.masked()).toEqual(['hunter2']);
  });

  test('gives no commands while they are stopped', () => {
    const printed = readPrinted();
    for (const line of ['::stop-commands::token', '::error::no', '::token::', '::error::yes']) printed.read(line);
    expect(printed.commands().map(({ data }) => data)).toEqual(['token', 'yes']);
  });
});
