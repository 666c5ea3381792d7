import { expect, test } from '@jest/globals';
import { coveringBlock } from '../../src/gate/covering-block.ts';
import { readDeployed } from '../../src/gate/deployed.ts';
import type { DeployedRecord } from '../../src/gate/record.ts';
import type { Standing } from '../../src/gate/standing.ts';
import { WORKFLOWS_LOGIN } from '../../src/gate/trust.ts';
import { blockedBy, blockRecord, storedDeployed } from './sample-records.ts';

const inStaging = blockRecord({ environment: 'staging' });
const inProduction = blockRecord({ environment: 'production' });
const anywhere = blockRecord({ environment: '' });

test.each<[string, Standing, string, number | undefined]>([
  ['nothing stands', { kind: 'clear', newest: 3 }, 'production', undefined],
  ['what cannot be read', { kind: 'unreadable', newest: 9, id: 9, why: 'it is gone' }, 'production', undefined],
  ['one of this environment', blockedBy(9, inProduction), 'production', 9],
  ['one of this environment in other letters', blockedBy(9, inProduction), 'Production', 9],
  ['one of another', blockedBy(9, inStaging), 'production', undefined],
  ['one of another, on top of one of this', blockedBy(9, inStaging, [5, inProduction]), 'production', 5],
  ['two of this', blockedBy(9, inProduction, [5, inProduction]), 'production', 9],
  ['one without environment', blockedBy(9, anywhere), 'production', 9],
  ['one without environment, for one without', blockedBy(9, inStaging, [5, anywhere]), '', 5],
  ['one of an environment, for one without', blockedBy(9, inStaging), '', undefined],
  ['what cannot be read below one of another', blockedBy(9, inStaging, [5, undefined]), 'production', undefined],
])('%s', (_title, standing, environment, id) => {
  expect(coveringBlock(standing, environment)?.id).toBe(id);
});

test('it is told with what it says', () => {
  expect(coveringBlock(blockedBy(9, inStaging, [5, inProduction]), 'production')).toEqual({
    id: 5,
    block: inProduction,
  });
});

test.each<[string, Partial<DeployedRecord>, number | undefined]>([
  ['the release, verified', {}, undefined],
  ['it, not verified', { verified: false }, 1],
  ['another', { running: '1.0' }, 1],
  ['it elsewhere', { environment: 'production' }, 1],
])('a block of this environment, where the newest record there says that it runs %s', (_title, says, id) => {
  const deployed = readDeployed('default', [storedDeployed(2, 0, says)], [WORKFLOWS_LOGIN]);
  expect(coveringBlock(blockedBy(1, inStaging), 'staging', deployed)?.id).toBe(id);
});
