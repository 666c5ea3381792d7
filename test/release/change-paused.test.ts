import { describe, expect, test } from '@jest/globals';
import { changeFor, type Wanted } from '../../src/release/change.ts';
import { parseImages } from '../../src/release/images.ts';
import { emptyLedger } from '../../src/release/ledger.ts';
import { workloadState } from '../../src/release/workload-state.ts';
import { type Made, workloadOf } from './workload.ts';

const V10: Made = { image: 'web:1.0', stamp: '1.0', cause: '1.0' };
const V11: Made = { image: 'web:1.1', stamp: '1.1', cause: '1.1' };

function change(manager: string, mode: Wanted['mode'], release: string, images = '') {
  const { deployment, replicaSets } = workloadOf([V10, V11], { paused: true });
  const managedFields = [{ manager, fieldsV1: { 'f:spec': { 'f:paused': {} } } }];
  const metadata = { ...deployment.metadata, managedFields };
  const state = workloadState('deployment/web', { ...deployment, metadata }, replicaSets, emptyLedger());
  const at = '2026-11-21T10:09:00Z';
  return changeFor(state, { mode, release, images: parseImages(images).lines, redefine: false, at });
}

describe('on a Deployment that a failure_action of ours has paused', () => {
  test.each<readonly [string, Wanted['mode'], string, string, string, string]>([
    ['the same release again goes on', 'deploy', '1.1', '', 'web:1.1', 'replica-set'],
    ['the same release with its images, too', 'deploy', '1.1', 'app=web:1.1', 'web:1.1', 'replica-set'],
    ['the same images under another name go on', 'deploy', '1.1-b', 'app=web:1.1', 'web:1.1', 'images'],
    ['a fixed release takes its place', 'deploy', '1.2', 'app=web:1.2', 'web:1.2', 'images'],
    ['a restart goes on, too', 'redeploy', '1.1', '', 'web:1.1', 'live'],
    ['a rollback goes back', 'rollback', '1.0', '', 'web:1.0', 'replica-set'],
  ])('%s, in the write that resumes it', (_, mode, release, images, image, source) => {
    expect(change('rollkey', mode, release, images)).toMatchObject({
      ...{ kind: 'write', resume: true, source },
      template: { spec: { containers: [{ image }] } },
    });
  });
});

test.each(['deploy', 'redeploy'] as const)('%s: somebody else who paused it looks into something', (mode) => {
  expect(change('kubectl-rollout', mode, '1.1')).toMatchObject({
    ...{ kind: 'refused', reasonCode: 'preflight-refused' },
    message: 'is paused; resume it (kubectl rollout resume), or roll back by name',
  });
});
