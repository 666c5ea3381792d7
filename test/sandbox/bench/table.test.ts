import { expect, test } from '@jest/globals';
import { formatTable } from '../../../sandbox/bench/table.ts';

test('columns are as wide as their widest cell; numbers stand under each other', () => {
  const table = formatTable([
    ['', 'action', 'ratio'],
    ['requests', '6', '0.75'],
    ['kB', '1204', '10.00'],
  ]);
  expect(table.split('\n')).toEqual([
    '            action  ratio',
    '  --------  ------  -----',
    '  requests       6   0.75',
    '  kB          1204  10.00',
  ]);
});
