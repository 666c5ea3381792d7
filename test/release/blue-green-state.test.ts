import { describe, expect, test } from '@jest/globals';
import { serviceState } from '../../src/release/blue-green-state.ts';
import { emptyLedger, type Ledger } from '../../src/release/ledger.ts';
import { recordAttempt, recordEnding } from '../../src/release/record.ts';
import { workloadState } from '../../src/release/workload-state.ts';
import { type Made, podTemplate, workloadOf } from './workload.ts';

function stateOf(name: string, history: readonly Made[], ledger: Ledger = emptyLedger()) {
  const { deployment, replicaSets } = workloadOf(history);
  return workloadState(`deployment/${name}`, deployment, replicaSets, ledger);
}

/** A ledger in which releases were tried one after the other, a minute each. */
function ledgerOf(...tried: readonly (readonly [release: string, minute: number, verdict: 'verified' | 'failed'])[]) {
  return tried.reduce((ledger, [release, minute, verdict]) => {
    const at = `2026-11-21T11:${String(minute).padStart(2, '0')}:00Z`;
    const template = podTemplate({ image: `web:${release}` });
    const attempt = { release, template, mode: 'deploy', at, runUrl: '', actor: '', reason: '' } as const;
    const attempted = recordAttempt(ledger, attempt);
    return recordEnding(attempted, { release, verdict, template, at, replicaSet: undefined, imageIDs: {} });
  }, emptyLedger());
}

const [v10, v11, v12] = ['1.0', '1.1', '1.2'].map((release) => ({ image: `web:${release}`, cause: release }));
const blue = stateOf(
  'web-blue',
  [v10 ?? {}, v12 ?? {}].map((made, index) => ({ ...made, minute: 1 + 2 * index })),
);
const green = stateOf('web-green', [{ ...v11, minute: 2 }]);

describe('what both colours come to', () => {
  const state = serviceState({ blue, green }, 'blue');

  test('live is what the live colour has, and known what either knows, by when it came', () => {
    expect(state.live.release).toBe('1.2');
    expect(state.known).toEqual(['1.2', '1.1', '1.0']);
    expect(state.lastGood).toBe('1.2');
    expect(state.workload).toBe('deployment/web-green');
  });

  test('seen from the other colour', () => {
    const other = serviceState({ blue, green }, 'green');
    expect([other.live.release, other.workload]).toEqual(['1.1', 'deployment/web-blue']);
    expect(other.known).toEqual(state.known);
  });

  test('one revision is live', () => {
    expect(state.revisions.filter(({ live }) => live)).toHaveLength(1);
    expect(state.revisions).toHaveLength(3);
  });
});

describe('both ledgers in one', () => {
  test('a release that is good on one colour is good', () => {
    const states = {
      blue: stateOf('web-blue', [v12 ?? {}], ledgerOf(['1.0', 1, 'failed'], ['1.2', 5, 'verified'])),
      green: stateOf('web-green', [v11 ?? {}], ledgerOf(['1.0', 3, 'verified'], ['1.1', 2, 'verified'])),
    };
    const { ledger, lastAttempted } = serviceState(states, 'blue');
    expect(ledger.entries.map(({ release }) => release).sort()).toEqual(['1.0', '1.1', '1.2']);
    expect(ledger.entries.find(({ release }) => release === '1.0')).toHaveProperty('verifiedAt');
    expect(lastAttempted).toBe('1.2');
  });
});
