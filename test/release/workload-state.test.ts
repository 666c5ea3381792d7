import { describe, expect, test } from '@jest/globals';
import { emptyLedger, type Ledger } from '../../src/release/ledger.ts';
import { recordAttempt, recordEnding } from '../../src/release/record.ts';
import { workloadState } from '../../src/release/workload-state.ts';
import { readFixture } from '../fixtures/load.ts';
import { type Made, podTemplate, workloadOf } from './workload.ts';

const V10: Made = { image: 'web:1.0', stamp: '1.0', cause: '1.0' };
const V11: Made = { image: 'web:1.1', stamp: '1.1', cause: '1.1' };
const none = emptyLedger();

function state(history: readonly Made[], ledger: Ledger, spec = {}) {
  const { deployment, replicaSets } = workloadOf(history, spec);
  return workloadState('deployment/web', deployment, replicaSets, ledger);
}

function recorded(release: string, made: Made, minute: number, verdict: 'verified' | 'failed' = 'verified'): Ledger {
  const at = `2026-11-21T10:${minute}:00.000Z`;
  const replicaSet = { name: 'web', uid: `uid-${minute}` };
  return recordEnding(none, { release, verdict, template: podTemplate(made), at, replicaSet, imageIDs: {} });
}

function intended(release: string, made: Made): Ledger {
  const rest = { mode: 'rollback', at: '2026-11-21T11:00:00.000Z', runUrl: '', actor: '', reason: '' } as const;
  return recordAttempt(none, { release, template: podTemplate(made), ...rest });
}

describe('as a real cluster shows it', () => {
  test.each([
    ['healthy', '1.0', 'complete'],
    ['mid-rollout', '1.1', 'incomplete'],
    ['stalled', '1.1', 'failed'],
    ['crash', '1.1', 'failed'],
    ['missing-image', '1.1', 'failed'],
  ])('%s: %s is %s', (fixture, release, liveState) => {
    const { deployment, replicaSets } = readFixture(fixture);
    const found = workloadState('deployment/web', deployment, replicaSets, none);
    expect(found).toMatchObject({ live: { release }, liveState, known: release === '1.0' ? ['1.0'] : ['1.1', '1.0'] });
    expect(found.lastGood).toBe(liveState === 'complete' ? release : undefined);
  });

  test('paused before the controller acted: the template has no ReplicaSet yet', () => {
    const { deployment, replicaSets } = readFixture('paused');
    const found = workloadState('deployment/web', deployment, replicaSets, none);
    expect(found).toMatchObject({
      live: { release: '1.1', revision: undefined },
      liveState: 'incomplete',
      known: ['1.0'],
    });
  });
});

test('what is no name of a release is not known, on the cluster or in the ledger', () => {
  const evil = '1.1\n::error::x';
  const made: Made = { image: 'web:1.1', stamp: evil, cause: evil };
  const found = state([V10, made], recorded(evil, made, 10));
  expect(found).toMatchObject({ live: { release: '' }, known: ['1.0'], lastGood: 'app=web:1.1' });
  expect([found.lastAttempted, found.ledger.entries]).toEqual([undefined, []]);
});

describe('what is live', () => {
  test.each([
    ['complete: proven, and good by its name', [V10], none, {}, true, '1.0'],
    ['complete, without a name: good by its images', [{ image: 'web:1.0' }], none, {}, true, 'app=web:1.0'],
    ['complete, though another was verified last', [V11], recorded('1.0', V10, 10), {}, true, '1.1'],
    ['complete, though it failed: not proven', [V10], recorded('1.0', V10, 10, 'failed'), {}, false, undefined],
    ['complete, but nobody saw it through its window', [V10], intended('1.0', V10), {}, false, undefined],
    ['not complete: what was verified last is good', [V11], recorded('1.0', V10, 10), { paused: true }, false, '1.0'],
    ['not complete, and nothing verified', [V10], none, { paused: true }, false, undefined],
    ['without pods: nothing is proven', [V10], none, { replicas: 0 }, false, undefined],
  ])('%s', (_, history, ledger, spec, proven, lastGood) => {
    expect(state(history, ledger, spec)).toMatchObject({ proven });
    expect(state(history, ledger, spec).lastGood).toBe(lastGood);
  });
});

test.each([
  ['verified', recorded('1.0', V10, 10), 'complete'],
  ['other bits under its name', intended('1.0', V11), 'complete'],
  ['a run that was cut off before the verdict', intended('1.0', V10), 'incomplete'],
  ['a failure', recorded('1.0', V10, 10, 'failed'), 'failed'],
])('complete, and the ledger holds %s', (_, ledger, liveState) => {
  expect(state([V10], ledger)).toMatchObject({ liveState });
  expect(state([V10], ledger, { replicas: 0 })).toMatchObject({ liveState: 'complete' });
});

describe('known releases', () => {
  test('newest first by when each first came, whatever their revisions are now', () => {
    const undone = [
      { ...V11, number: 2, minute: 2 },
      { ...V10, number: 3, minute: 1 },
    ];
    expect(state(undone, none).known).toEqual(['1.1', '1.0']);
  });

  test('recorded ones go by their first attempt, and each name counts once', () => {
    expect(state([V10, V11], recorded('1.0', V10, 30)).known).toEqual(['1.0', '1.1']);
    expect(state([V10, { ...V11, cause: 'kubectl' }], none).known).toEqual(['kubectl', '1.0']);
  });

  test('an attempt that never reached the cluster is not known; one that did is', () => {
    expect(state([V10], intended('1.1', V11)).known).toEqual(['1.0']);
    expect(state([V10, V11], intended('1.1', V11)).known).toContain('1.1');
  });

  test('recorded ones stay known beyond the history limit', () => {
    expect(state([V11], recorded('1.0', V10, 10)).known).toEqual(['1.0', '1.1']);
  });
});

describe('last good and last attempted', () => {
  test('without a record: what is live', () => {
    expect(state([V10], none)).toMatchObject({ lastGood: '1.0', lastAttempted: '1.0' });
    expect(state([{ image: 'web:1' }], none)).toMatchObject({ lastGood: 'app=web:1', lastAttempted: undefined });
  });

  test('how the live release was attempted is remembered: a rollback that was cut off stays one', () => {
    expect(state([V11, V10], intended('1.0', V10)).attemptedAs).toBe('rollback');
    expect(state([V10], none).attemptedAs).toBeUndefined();
  });
});

describe('a Deployment that the controller', () => {
  const { deployment, replicaSets } = workloadOf([V10]);
  const { status: _, ...fresh } = deployment;
  const going = { observedGeneration: 3, conditions: [{ type: 'Progressing', status: 'True' }] } as const;

  test.each([
    ['has not seen yet: none', fresh, [], 'none'],
    ['has seen, but made nothing for: incomplete', { ...fresh, status: going }, [], 'incomplete'],
    ['has just made a ReplicaSet for: incomplete', fresh, replicaSets, 'incomplete'],
    [
      'has not seen since it was changed: incomplete',
      { ...deployment, metadata: { ...deployment.metadata, generation: 4 } },
      replicaSets,
      'incomplete',
    ],
  ])('%s', (_title, seen, sets, liveState) => {
    expect(workloadState('deployment/web', seen, sets, none)).toMatchObject({ liveState });
  });
});
