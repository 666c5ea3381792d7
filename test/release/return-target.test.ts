import { describe, expect, test } from '@jest/globals';
import { emptyLedger, type Ledger } from '../../src/release/ledger.ts';
import { recordAttempt, recordEnding } from '../../src/release/record.ts';
import { returnTarget } from '../../src/release/return-target.ts';
import { workloadState } from '../../src/release/workload-state.ts';
import { type Made, podTemplate, workloadOf } from './workload.ts';

const V10: Made = { image: 'web:1.0', stamp: '1.0', cause: '1.0' };
const V11: Made = { image: 'web:1.1', stamp: '1.1', cause: '1.1' };
const nothing = emptyLedger();

/** Where a release is left for; 1.1 is live and complete. */
function target(release: string, ledger: Ledger) {
  const { deployment, replicaSets } = workloadOf([V10, V11]);
  const leaving = { release, template: podTemplate({ image: `web:${release}`, stamp: release }) };
  return returnTarget(workloadState('deployment/web', deployment, replicaSets, ledger), leaving);
}

function attempted(release: string, made: Made, ledger = nothing): Ledger {
  const rest = { mode: 'deploy', at: '2026-11-21T10:00:00.000Z', runUrl: '', actor: '', reason: '' } as const;
  return recordAttempt(ledger, { release, template: podTemplate(made), ...rest });
}

function ended(release: string, made: Made, verdict: 'verified' | 'failed', ledger = nothing): Ledger {
  const rest = { at: '2026-11-21T10:10:00.000Z', replicaSet: undefined, imageIDs: {} };
  return recordEnding(ledger, { release, verdict, template: podTemplate(made), ...rest });
}

const good = ended('1.0', V10, 'verified');

describe('an automatic rollback returns', () => {
  test.each([
    ['to what was live, whoever brought it', '1.2', nothing, '1.1'],
    [
      'to what was verified, where the run that brought what was live was cut off',
      '1.2',
      attempted('1.1', V11, good),
      '1.0',
    ],
    ['to what was verified, where what was live had failed', '1.2', ended('1.1', V11, 'failed', good), '1.0'],
    [
      'never to the release that it leaves, though it was complete when the run began',
      '1.1',
      attempted('1.1', V11, good),
      '1.0',
    ],
    ['to what was live and not seen to its end, where there is nothing better', '1.2', attempted('1.1', V11), '1.1'],
  ])('%s', (_, leaving, ledger, release) => {
    expect(target(leaving, ledger)).toMatchObject({ kind: 'found', release });
  });

  test.each([
    ['to what had failed', '1.2', ended('1.1', V11, 'failed')],
    ['to the release that it leaves', '1.1', attempted('1.1', V11)],
  ])('not %s', (_, leaving, ledger) => {
    expect(target(leaving, ledger)).toMatchObject({ kind: 'none' });
  });
});
