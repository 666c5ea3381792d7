import { describe, expect, test } from '@jest/globals';
import { environmentsOf, readDeployed, runsVerified, staysOf } from '../../src/gate/deployed.ts';
import type { DeployedRecord, StoredRecord } from '../../src/gate/record.ts';
import { WORKFLOWS_LOGIN } from '../../src/gate/trust.ts';
import { storedDeployed } from './sample-records.ts';

const noon = Date.parse('2026-11-21T12:00:00Z');
const foreign: Partial<StoredRecord> = { creator: 'mallory', app: '' };
const bad = { verified: false, outcome: 'failed' };

type Step = readonly [minute: number, says: Partial<DeployedRecord>, stored?: Partial<StoredRecord>];

/** What is read from records that were written in this order. */
function read(...steps: readonly Step[]) {
  const records = steps.map(([minute, says, kept], index) => ({
    ...storedDeployed(index + 1, minute, says),
    ...kept,
  }));
  return readDeployed('default', records.toReversed(), [WORKFLOWS_LOGIN]);
}

/** Stays in minutes past noon. */
function stays(...steps: readonly Step[]) {
  const minute = (ms: number | undefined) => (ms === undefined ? undefined : (ms - noon) / 60_000);
  return staysOf('1.1', read(...steps)).map(({ since, until }) => [minute(since), minute(until)]);
}

describe('which records count', () => {
  test('those of the scope, by GitHub’s time, newest first', () => {
    const deployed = read([0, { at: '1999-01-01T00:00:00Z' }], [5, { running: '1.2' }]);
    expect(deployed.map(({ id, at, record }) => [id, at - noon, record.running])).toEqual([
      [2, 300_000, '1.2'],
      [1, 0, '1.1'],
    ]);
  });

  test.each<[string, Step]>([
    ['another scope', [0, { scope: 'other' }]],
    ['another environment than GitHub says', [0, { environment: 'production' }, { environment: 'staging' }]],
    ['a foreign writer', [0, {}, foreign]],
    ['a payload that is none', [0, {}, { payload: 'deployed' }]],
    ['a time that is none', [0, {}, { createdAt: '' }]],
  ])('not %s', (_title, step) => {
    expect(read(step)).toEqual([]);
    expect(stays(step)).toEqual([]);
  });
});

test('an environment’s name counts in any letters, for its doubts, too', () => {
  const moved = read([0, { environment: 'production' }, { environment: 'Production' }]);
  expect(runsVerified('1.1', moved)).toBe(true);
  const doubted = read([0, { environment: 'production' }], [5, {}, { environment: 'PRODUCTION', payload: 'deployed' }]);
  expect(runsVerified('1.1', doubted)).toBe(false);
});

test('a release runs where the newest record says so, by its name there', () => {
  const deployed = read(
    [0, { environment: 'production' }],
    [1, { environment: 'Production', running: '1.0' }],
    [2, { environment: 'staging', running: '1.0' }],
    [3, { environment: 'Staging' }],
  );
  expect(environmentsOf('1.1', deployed)).toEqual(['Staging']);
});

test.each<[string, boolean, readonly Step[]]>([
  [
    'the newest record says so',
    true,
    [
      [0, { running: '1.0' }],
      [5, {}],
    ],
  ],
  ['there is none', false, []],
  [
    'it runs something else',
    false,
    [
      [0, {}],
      [5, { running: '1.2' }],
    ],
  ],
  [
    'it is not verified',
    false,
    [
      [0, {}],
      [5, { verified: false }],
    ],
  ],
  [
    'nobody knows what runs',
    false,
    [
      [0, {}],
      [5, { running: '', verified: false }],
    ],
  ],
  [
    'a rollback came back to it',
    true,
    [
      [0, {}],
      [5, { release: '1.2', mode: 'rollback' }],
    ],
  ],
  [
    'a foreign record came after',
    false,
    [
      [0, {}],
      [5, { running: '1.0' }, foreign],
    ],
  ],
  [
    'an unreadable one came after',
    false,
    [
      [0, {}],
      [5, {}, { payload: { v: 2 } }],
    ],
  ],
  [
    'an unreadable one came in between',
    true,
    [
      [0, {}],
      [5, {}, { payload: { v: 2 } }],
      [6, {}],
    ],
  ],
])('whether a release runs verified: %s: %s', (_title, expected, steps) => {
  expect(runsVerified('1.1', read(...steps))).toBe(expected);
});

test.each<[string, readonly Step[], readonly unknown[]]>([
  ['none', [], []],
  ['one that lasts', [[0, {}]], [[0, undefined]]],
  [
    'a redeploy goes on with it',
    [
      [0, {}],
      [5, { mode: 'redeploy' }],
    ],
    [[0, undefined]],
  ],
  [
    'another release ends it',
    [
      [0, {}],
      [5, { running: '1.2' }],
    ],
    [[0, 5]],
  ],
  [
    'being unwell ends it',
    [
      [0, {}],
      [5, bad],
      [9, {}],
    ],
    [
      [9, undefined],
      [0, 5],
    ],
  ],
  [
    'not being known ends it',
    [
      [0, {}],
      [5, { running: '' }],
    ],
    [[0, 5]],
  ],
  [
    'never verified',
    [
      [0, bad],
      [5, bad],
    ],
    [],
  ],
  [
    'a failed attempt of another, rolled back to it, does not end it',
    [
      [0, {}],
      [5, { release: '1.2', outcome: 'rolled-back' }],
    ],
    [[0, undefined]],
  ],
  [
    'what does not count ends it',
    [
      [0, {}],
      [5, {}, foreign],
    ],
    [[0, 5]],
  ],
  [
    'what does not count ends a stay of several records once',
    [
      [0, {}],
      [5, {}],
      [9, {}, foreign],
    ],
    [[0, 9]],
  ],
  [
    'what does not count ends it at the first of them',
    [
      [0, {}],
      [5, {}, foreign],
      [6, {}, foreign],
    ],
    [[0, 5]],
  ],
  [
    'and it begins anew after that',
    [
      [0, {}],
      [5, {}, foreign],
      [8, {}],
    ],
    [
      [8, undefined],
      [0, 5],
    ],
  ],
  [
    'twice',
    [
      [0, {}],
      [5, { running: '1.2' }],
      [7, {}],
    ],
    [
      [7, undefined],
      [0, 5],
    ],
  ],
])('stays: %s', (_title, steps, expected) => {
  expect(stays(...steps)).toEqual(expected);
});

test('a record of another environment throws no doubt on this one', () => {
  const elsewhere = storedDeployed(2, 5, { environment: 'production' });
  const records = [{ ...elsewhere, payload: 'nonsense' }, storedDeployed(1, 0)];
  expect(runsVerified('1.1', readDeployed('default', records, [WORKFLOWS_LOGIN]))).toBe(true);
});
