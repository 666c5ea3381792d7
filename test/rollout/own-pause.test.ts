import { expect, test } from '@jest/globals';
import type { ManagedFields } from '../../src/rollout/objects.ts';
import { isOwnPause } from '../../src/rollout/own-pause.ts';
import { deploymentOf } from '../release/workload.ts';

const owner = (manager: string, field = 'f:paused'): ManagedFields => ({
  ...{ manager, operation: 'Update', time: '2026-11-21T10:00:00Z' },
  fieldsV1: { 'f:spec': { [field]: {} } },
});

test.each<readonly [string, boolean, readonly ManagedFields[], boolean]>([
  ['by Rollkey', true, [owner('rollkey'), owner('kubectl-scale', 'f:replicas')], true],
  ['by hand', true, [owner('kubectl-rollout'), owner('rollkey', 'f:template')], false],
  ['by both', true, [owner('rollkey'), owner('argocd-controller')], false],
  ['and nobody tells by whom', true, [], false],
  ['not any more', false, [owner('rollkey')], false],
])('paused %s', (_, paused, managedFields, own) => {
  const { metadata, ...deployment } = deploymentOf({}, { paused });
  expect(isOwnPause({ ...deployment, metadata: { ...metadata, managedFields } })).toBe(own);
});

test('paused by Rollkey to hold a canary', () => {
  const { metadata, ...deployment } = deploymentOf({}, { paused: true, minReadySeconds: 2_147_483_646 });
  expect(isOwnPause({ ...deployment, metadata: { ...metadata, managedFields: [owner('rollkey')] } })).toBe(false);
});
