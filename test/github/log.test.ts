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

test('nor does what is masked from here on, or the start of it that a cut left: the runner masks whole values only', () => {
  const lines: string[] = [];
  const masked = new Set<string>();
  const log = createLog({ info: (line) => lines.push(line), debug: () => {} }, masked);
  log.info('check shop: fail, it says zq8Kf02mVtYw5LbN');
  masked.add('zq8Kf02mVtYw5LbN');
  log.info('check shop: fail, it says zq8Kf02mVt…');
  log.info('check shop: fail, it says zq8Kf02mVtYw5LbN again');
  expect(lines).toEqual([
    'check shop: fail, it says zq8Kf02mVtYw5LbN',
    'check shop: fail, it says ***…',
    'check shop: fail, it says *** again',
  ]);
});
