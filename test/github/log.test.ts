import { expect, test } from '@jest/globals';
import { createLog } from '../../src/github/log.ts';

test('foreign lines reach the log as text, one by one', () => {
  const lines: string[] = [];
  const log = createLog({ info: (line) => lines.push(`info ${line}`), debug: (line) => lines.push(`debug ${line}`) });
  log.info('one\n::error::two\r\n##[group]three');
  log.warn('x\r::stop-commands::y');
  log.debug('::debug::z');
  expect(lines).toEqual([
    'info one',
    'info : :error::two',
    'info ## [group]three',
    'info Warning: x',
    'info : :stop-commands::y',
    'debug : :debug::z',
  ]);
});
