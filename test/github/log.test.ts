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

test('what looks like a credential does not reach the log, whoever said it', () => {
  const lines: string[] = [];
  const log = createLog({ info: (line) => lines.push(line), debug: () => {} });
  log.warn('deployment shop/web: container app exits 1: password=hunter22 is wrong');
  expect(lines.join()).not.toContain('hunter22');
  expect(lines.join()).toContain('container app exits 1');
});
