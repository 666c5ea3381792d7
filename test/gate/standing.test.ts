import { describe, expect, test } from '@jest/globals';
import type { StoredRecord } from '../../src/gate/record.ts';
import { isDecided, type Standing, standingOf } from '../../src/gate/standing.ts';
import { WORKFLOWS_LOGIN } from '../../src/gate/trust.ts';
import { blockedBy, blockRecord, deployedRecord, SUBJECT, stored, unblockRecord } from './sample-records.ts';

const trust = [WORKFLOWS_LOGIN];
const foreign = { creator: 'mallory', app: '' };

/** Records are given in the order in which they were written. */
function standing(records: readonly StoredRecord[], told: readonly number[] = []): Standing {
  return standingOf(SUBJECT, records.toReversed(), trust, told);
}

function short({ kind, newest, ...rest }: Standing): readonly unknown[] {
  return [kind, 'id' in rest ? rest.id : newest];
}

const block = (id: number, previous?: number) => stored(id, blockRecord(previous === undefined ? {} : { previous }));
const unblock = (id: number, lifts: number, previous?: number) =>
  stored(id, unblockRecord(lifts, previous === undefined ? {} : { previous }));
const other = (id: number) => stored(id, blockRecord({ release: '1.1 ' }));
const broken = (id: number) => stored(id, 'nonsense');

describe('where a release stands', () => {
  test.each<[string, readonly StoredRecord[], readonly unknown[]]>([
    ['nothing was said', [], ['clear', undefined]],
    ['blocked', [block(1)], ['blocked', 1]],
    ['blocked twice: the newer one counts', [block(1), block(2, 1)], ['blocked', 2]],
    ['blocked and unblocked', [block(1), unblock(2, 1)], ['clear', 2]],
    ['blocked twice, and both lifted by the newer one', [block(1), block(2, 1), unblock(3, 2)], ['clear', 3]],
    ['blocked twice, and only the older one lifted', [block(1), block(2, 1), unblock(3, 1)], ['blocked', 2]],
    ['blocked anew after an unblock', [block(1), unblock(2, 1), block(3, 2)], ['blocked', 3]],
    ['an old unblock runs once more', [block(1), unblock(2, 1), block(3, 2), unblock(4, 1)], ['blocked', 3]],
    ['an unblock of what does not exist yet', [unblock(1, 4711), block(2, 1)], ['blocked', 2]],
    ['an unblock of itself and all before it', [block(1), unblock(2, 2)], ['clear', 2]],
    ['an unblock that came first names what came before it', [block(1), unblock(2, 1), unblock(3, 1)], ['clear', 3]],
    ['blocked by another scope', [stored(1, blockRecord({ scope: 'other' }))], ['clear', undefined]],
    ['another release by the same task', [other(1)], ['clear', undefined]],
    [
      'another release by the same task, unblocked',
      [block(1), stored(2, unblockRecord(1, { release: '1.1 ' }))],
      ['blocked', 1],
    ],
  ])('%s', (_title, records, expected) => {
    expect(short(standing(records))).toEqual(expected);
  });

  test('a block is told as it was written', () => {
    const written = blockRecord({ reason: 'it leaks', environment: 'dev' });
    expect(standing([stored(1, written)])).toEqual(blockedBy(1, written));
  });

  test('every record that closes is told with a block: others, what cannot be read, and what is gone', () => {
    const [one, two] = [blockRecord({ environment: 'production' }), blockRecord({ previous: 5 })];
    const records = [block(1), unblock(2, 1), stored(3, one), broken(4), stored(6, two)];
    expect(standing(records, [1, 7])).toEqual(
      blockedBy(6, two, [4, undefined], [3, one], [5, undefined], [7, undefined]),
    );
  });

  test('the newest record about the release is named, whatever closes the gate', () => {
    expect(standing([block(1), block(2, 1), unblock(3, 1), other(4)])).toMatchObject({ newest: 3, id: 2 });
  });
});

describe('what does not count closes', () => {
  test.each<[string, StoredRecord, string]>([
    ['a payload that is none', broken(2), 'its payload is no object'],
    [
      'a version to come',
      stored(2, { ...blockRecord(), v: 2 }),
      'its version is 2, and this Rollkey knows 1: use the newer Rollkey here, too',
    ],
    ['a foreign block', stored(2, blockRecord(), foreign), 'mallory wrote it, whom trusted-writers does not name'],
    ['a foreign unblock', stored(2, unblockRecord(1), foreign), 'mallory wrote it, whom trusted-writers does not name'],
    ['a deployed record', stored(2, deployedRecord()), 'it neither blocks nor unblocks'],
  ])('%s', (_title, record, why) => {
    const unreadable = { kind: 'unreadable', newest: 2, id: 2, why };
    expect(standing([record])).toEqual(unreadable);
    expect(standing([block(1), record])).toEqual(unreadable);
    expect(standing([record, unblock(3, 2)])).toEqual({ kind: 'clear', newest: 3 });
    expect(standing([record, unblock(3, 1)])).toEqual({ ...unreadable, newest: 3 });
  });

  test('a foreign unblock lifts nothing, also when an honest record follows', () => {
    expect(short(standing([block(1), stored(2, unblockRecord(1), foreign), unblock(3, 2)]))).toEqual(['clear', 3]);
    expect(short(standing([block(1), stored(2, unblockRecord(2), foreign)]))).toEqual(['unreadable', 2]);
  });
});

describe('what is gone closes', () => {
  test.each<[string, readonly StoredRecord[], readonly number[], readonly unknown[]]>([
    ['a block that the next record names', [unblock(3, 1, 2)], [], ['unreadable', 2]],
    ['an unblock that the next record names: its block closes again', [block(1), block(3, 2)], [], ['blocked', 3]],
    ['an unblock that nothing names', [block(1)], [], ['blocked', 1]],
    ['a block that only the run that wrote it tells of', [], [1], ['unreadable', 1]],
    ['a block that another told of before it was lifted', [unblock(2, 1)], [1], ['clear', 2]],
    ['a block that was lifted and then deleted', [unblock(2, 1, 1)], [], ['clear', 2]],
    ['a block told of that is there, and lifted', [block(1), unblock(2, 1)], [1], ['clear', 2]],
    ['a block told of that is gone, and came after the unblock', [block(1), unblock(2, 1)], [3], ['unreadable', 3]],
    ['a gone one is lifted by its id', [unblock(3, 1, 2), unblock(4, 2, 3)], [], ['clear', 4]],
  ])('%s', (_title, records, told, expected) => {
    expect(short(standing(records, told))).toEqual(expected);
  });

  test('the record that is gone is named, beside the newest that is there', () => {
    expect(standing([unblock(3, 1, 2)])).toEqual({ kind: 'unreadable', newest: 3, id: 2, why: 'somebody deleted it' });
    expect(standing([], [7])).toEqual({ kind: 'unreadable', newest: 7, id: 7, why: 'somebody deleted it' });
  });
});

describe('whether older records can matter', () => {
  test.each<[string, boolean, readonly StoredRecord[]]>([
    ['nothing was read', false, []],
    ['a block, before which others may be', false, [block(9)]],
    ['what cannot be read', true, [broken(9)]],
    ['a block on top of what cannot be read', false, [broken(7), block(9)]],
    ['a block on top of one that was lifted', true, [block(5), unblock(7, 5), block(9, 7)]],
    ['an unblock, and what it lifts is older than all that was read', false, [unblock(9, 5)]],
    ['an unblock of what was read last', true, [block(5), unblock(9, 5)]],
    ['an unblock of something between what was read', true, [other(3), other(7), unblock(9, 5)]],
    ['another release', false, [other(9)]],
    ['a block that was lifted, before which more may be', true, [block(5), block(8, 5), unblock(9, 8)]],
  ])('%s: %s', (_title, expected, records) => {
    expect(isDecided(SUBJECT, records.toReversed(), trust)).toBe(expected);
  });
});
