import { expect, test } from '@jest/globals';
import { readDeployed } from '../../src/gate/deployed.ts';
import { toldBlocks } from '../../src/gate/told-blocks.ts';
import { WORKFLOWS_LOGIN } from '../../src/gate/trust.ts';
import { storedDeployed } from './sample-records.ts';

test('a run may have blocked several releases: each is told of its own, once', () => {
  const blocks = [
    { id: 7, release: '1.1' },
    { id: 8, release: '1.2' },
  ];
  const records = [storedDeployed(12, 5, { running: '1.0', blocks: [...blocks, { id: 9, release: '1.1' }] })];
  const deployed = readDeployed('default', [...records, storedDeployed(11, 0, { blocks })], [WORKFLOWS_LOGIN]);
  expect(toldBlocks('1.1', deployed)).toEqual([7, 9]);
  expect(toldBlocks('1.2', deployed)).toEqual([8]);
  expect(toldBlocks('1.0', deployed)).toEqual([]);
});
