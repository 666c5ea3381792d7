import { describe, expect, test } from '@jest/globals';
import { readRecord } from '../../src/gate/read-record.ts';
import { WORKFLOWS_LOGIN } from '../../src/gate/trust.ts';
import { blockRecord, deployedRecord, stored, unblockRecord } from './sample-records.ts';

const trust = [WORKFLOWS_LOGIN];

function whyNot(payload: unknown, differing = {}, trusted: readonly string[] = trust): string | undefined {
  const reading = readRecord(stored(7, payload, differing), trusted);
  return reading.kind === 'unreadable' ? reading.why : undefined;
}

test.each([
  blockRecord(),
  blockRecord({ previous: 6, environment: '', reason: '' }),
  unblockRecord(6),
  deployedRecord(),
  deployedRecord({ running: '', verified: false, blocks: [{ id: 6, release: '1.0' }], workloads: [] }),
])('a $kind is read as it was written', (record) => {
  expect(readRecord(stored(7, record), trust)).toEqual({ kind: 'read', id: 7, record });
});

test('fields that this Rollkey does not know are no harm within a version', () => {
  expect(whyNot({ ...blockRecord(), note: 'later' })).toBeUndefined();
});

describe('what is not understood as a whole is not understood at all', () => {
  test.each([
    ['text', 'release-block', 'its payload is no object'],
    ['nothing', undefined, 'its payload is no object'],
    ['null', null, 'its payload is no object'],
    ['a list', [blockRecord()], 'its payload is no object'],
    ['an empty object', {}, 'its version is missing, and this Rollkey knows 1'],
    [
      'a version to come',
      { ...blockRecord(), v: 2 },
      'its version is 2, and this Rollkey knows 1: use the newer Rollkey here, too',
    ],
    ['a version in words', { ...blockRecord(), v: '1' }, 'its version is "1", and this Rollkey knows 1'],
    ['a kind to come', { ...blockRecord(), kind: 'release-hold' }, 'its kind is unknown'],
    ['a kind that every object has', { ...blockRecord(), kind: 'constructor' }, 'its kind is unknown'],
    ['a kind in a list', { ...blockRecord(), kind: ['release-block'] }, 'its kind is unknown'],
    ['no release', { ...blockRecord(), release: undefined }, 'its release is not as it should be'],
    ['a release in numbers', { ...blockRecord(), release: 1.1 }, 'its release is not as it should be'],
    ['no reason', { ...blockRecord(), reason: null }, 'its reason is not as it should be'],
    ['no environment', { ...blockRecord(), environment: undefined }, 'its environment is not as it should be'],
    ['no previous, but in words', { ...blockRecord(), previous: '6' }, 'its previous is not as it should be'],
    ['a null as previous', { ...blockRecord(), previous: null }, 'its previous is not as it should be'],
    ['an unblock of nothing', { ...unblockRecord(6), lifts: undefined }, 'its lifts is not as it should be'],
    ['an unblock of everything', { ...unblockRecord(6), lifts: 1e300 }, 'its lifts is not as it should be'],
    ['an unblock of half a record', { ...unblockRecord(6), lifts: 6.5 }, 'its lifts is not as it should be'],
    ['verified in words', { ...deployedRecord(), verified: 'true' }, 'its verified is not as it should be'],
    ['blocks by their ids alone', { ...deployedRecord(), blocks: [6] }, 'its blocks is not as it should be'],
    ['blocks that are none', { ...deployedRecord(), blocks: [null] }, 'its blocks is not as it should be'],
    ['workloads in numbers', { ...deployedRecord(), workloads: [1] }, 'its workloads is not as it should be'],
  ])('%s', (_title, payload, why) => {
    expect(whyNot(payload)).toBe(why);
  });

  test.each([7, 8, 4711])('a record that names %i, not an earlier one, as the one before it', (previous) => {
    expect(whyNot(blockRecord({ previous }))).toBe('it names a later record as the one before it');
  });

  test('a time that is none', () => {
    expect(whyNot(blockRecord(), { createdAt: 'yesterday' })).toBe('nobody knows when it was written');
  });

  test('a version of any length and shape is told on one line', () => {
    const why = whyNot({ ...blockRecord(), v: `\u2028\u001b[31m${'x'.repeat(5000)}` }) ?? '';
    expect(why.length).toBeLessThan(200);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is there is the point
    expect(why).not.toMatch(/[\u0000-\u001f\u2028]/);
  });
});

describe('whose record counts', () => {
  const app = 'github-actions';
  test.each([
    ['a workflow', { creator: WORKFLOWS_LOGIN, app }, trust, undefined],
    ['a person', { creator: 'mallory', app: '' }, trust, 'mallory wrote it, whom trusted-writers does not name'],
    ['nobody', { creator: '', app: '' }, trust, 'nobody wrote it, whom trusted-writers does not name'],
    ['a person who is named', { creator: 'alice', app: '' }, ['alice'], undefined],
    ['a person in other letters', { creator: 'alice', app: '' }, ['Alice'], undefined],
    ['a person by an App', { creator: 'alice', app: 'deployer' }, ['alice'], undefined],
    ['another App', { creator: 'deployer[bot]', app: 'deployer' }, ['deployer[bot]'], undefined],
    ['a workflow whose App GitHub does not name', { creator: WORKFLOWS_LOGIN, app: '' }, trust, undefined],
    [
      'a person who took the name, as far as GitHub lets them',
      { creator: 'github-actions', app: '' },
      trust,
      'github-actions wrote it, whom trusted-writers does not name',
    ],
    [
      'the name by another App',
      { creator: WORKFLOWS_LOGIN, app: 'evil' },
      trust,
      `${WORKFLOWS_LOGIN} did not write it from a workflow`,
    ],
    [
      'a workflow, when an App alone is trusted',
      { creator: WORKFLOWS_LOGIN, app },
      ['deployer[bot]'],
      `${WORKFLOWS_LOGIN} wrote it, whom trusted-writers does not name`,
    ],
    ['anybody, when nobody is trusted', { creator: 'a', app }, [], 'a wrote it, whom trusted-writers does not name'],
    [
      'the name in other letters, by another App',
      { creator: 'GitHub-Actions[bot]', app: 'evil' },
      trust,
      'GitHub-Actions[bot] did not write it from a workflow',
    ],
  ])('%s', (_title, writer, trusted, why) => {
    expect(whyNot(blockRecord(), writer, trusted)).toBe(why);
  });

  test('whoever wrote it comes before what it says', () => {
    expect(whyNot('nonsense', { creator: 'mallory', app: '' })).toContain('mallory wrote it');
  });
});
