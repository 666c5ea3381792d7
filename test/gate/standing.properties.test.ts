import { expect, test } from '@jest/globals';
import { readRecord } from '../../src/gate/read-record.ts';
import type { StoredRecord } from '../../src/gate/record.ts';
import { isDecided, type Standing, standingOf } from '../../src/gate/standing.ts';
import { WORKFLOWS_LOGIN } from '../../src/gate/trust.ts';
import { type Seeded, seeded } from '../release/seeded.ts';
import { blockRecord, SUBJECT, stored, unblockRecord } from './sample-records.ts';

const trust = [WORKFLOWS_LOGIN];

/** Records newest first, and the ids of blocks that somebody else told of. */
interface History {
  readonly records: readonly StoredRecord[];
  readonly told: readonly number[];
  readonly nextId: number;
}

type Event = (history: History) => History;

const empty: History = { records: [], told: [], nextId: 1 };

function add({ records, told, nextId }: History, payload: unknown, differing = {}): History {
  return { records: [stored(nextId, payload, differing), ...records], told, nextId: nextId + 1 };
}

/** As an honest writer does, who names the newest record that it saw. */
function seen({ records }: History): { readonly previous?: number } {
  const { newest } = standingOf(SUBJECT, records, trust);
  return newest === undefined ? {} : { previous: newest };
}

const events: Readonly<Record<string, Event>> = {
  block: (history) => add(history, blockRecord(seen(history))),
  'block that is told of': (history) => {
    const told = [history.nextId, ...history.told];
    return { ...add(history, blockRecord(seen(history))), told };
  },
  'unblock of what closes': (history) => {
    const standing = standingOf(SUBJECT, history.records, trust, history.told);
    return standing.kind === 'clear' ? history : add(history, unblockRecord(standing.id, seen(history)));
  },
  'unblock of the oldest': (history) => add(history, unblockRecord(history.records.at(-1)?.id ?? 0, seen(history))),
  'unblock by a stranger': (history) => add(history, unblockRecord(history.nextId), { creator: 'mallory', app: '' }),
  nonsense: (history) => add(history, { v: 2 }),
  'block of another release': (history) => add(history, blockRecord({ release: '1.1 ' })),
  'loss of the newest': (history) => ({ ...history, records: history.records.slice(1) }),
  'loss of the oldest': (history) => ({ ...history, records: history.records.slice(0, -1) }),
};
const names = Object.keys(events) as [string, ...string[]];

function tell(story: readonly string[]): History {
  return story.reduce((history, name) => events[name]?.(history) ?? history, empty);
}

function standing({ records, told }: History): Standing {
  return standingOf(SUBJECT, records, trust, told);
}

/** The rule once more, record by record as it is said in words: quadratic, without the bound that an unblock draws. */
function expected({ records, told }: History): readonly unknown[] {
  const readings = records.map((record) => readRecord(record, trust));
  const about = readings.filter((each) => each.kind === 'unreadable' || each.record.release === SUBJECT.release);
  const isLifted = (id: number) =>
    about.some((each) => {
      const { kind } = each;
      return kind === 'read' && each.record.kind === 'release-unblock' && each.id >= id && each.record.lifts >= id;
    });
  const closing = about.find(
    (each) => !isLifted(each.id) && (each.kind === 'unreadable' || each.record.kind === 'release-block'),
  );
  if (closing) return [closing.kind === 'read' ? 'blocked' : 'unreadable', closing.id];
  const named = about.flatMap((each) => (each.kind === 'read' ? [each.record.previous] : []));
  const isGone = (id: number | undefined) => id !== undefined && !isLifted(id) && !about.some((each) => each.id === id);
  return [...named, ...told].some(isGone) ? ['unreadable', 'gone'] : ['clear'];
}

function found(history: History): readonly unknown[] {
  const it = standing(history);
  if (it.kind === 'clear') return ['clear'];
  const gone = it.kind === 'unreadable' && it.why === 'somebody deleted it';
  return [it.kind, gone ? 'gone' : it.id];
}

function randomStory(random: Seeded, length: number): readonly string[] {
  return Array.from({ length }, () => random.pick(names));
}

test('every order of up to four events gives what the rule says in words', () => {
  let stories: readonly (readonly string[])[] = [[]];
  let told = 0;
  for (let length = 1; length <= 4; length += 1) {
    stories = stories.flatMap((story) => names.map((name) => [...story, name]));
    for (const story of stories) {
      const history = tell(story);
      const [is, should] = [found(history), expected(history)];
      if (is.join() !== should.join()) throw new Error(`${story.join(', ')}: ${is.join(' ')}, not ${should.join(' ')}`);
      told += 1;
    }
  }
  expect(told).toBe(9 + 9 ** 2 + 9 ** 3 + 9 ** 4);
});

test('so do long random stories', () => {
  for (let seed = 1; seed <= 1000; seed += 1) {
    const random = seeded(seed);
    const history = tell(randomStory(random, 5 + random.integer(30)));
    expect([seed, ...found(history)]).toEqual([seed, ...expected(history)]);
  }
});

test('an unblock changes nothing for what came after the record that it names', () => {
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = seeded(seed);
    const history = tell(randomStory(random, 20));
    const before = standing(history);
    if (before.kind === 'clear') continue;
    for (let lifts = 0; lifts < before.id; lifts += 1) {
      const after = standing(add(history, unblockRecord(lifts)));
      expect([seed, lifts, after.kind]).toEqual([seed, lifts, before.kind]);
    }
    // Whatever closes can be lifted by its id, at the latest one after the other.
    let left: History = history;
    for (let now: Standing = before; now.kind !== 'clear'; now = standing(left)) {
      left = add(left, unblockRecord(now.id, seen(left)));
      expect(left.nextId).toBeLessThan(history.nextId + 30);
    }
  }
});

test('a block that was told of closes until it is lifted, whatever else is deleted, written or forged', () => {
  const harmless = names.filter((name) => !name.startsWith('unblock of')) as [string, ...string[]];
  for (let seed = 1; seed <= 300; seed += 1) {
    const random = seeded(seed);
    let history = events['block that is told of']?.(tell(randomStory(random, 10))) ?? empty;
    for (let count = 0; count < 15; count += 1) {
      history = events[random.pick(harmless)]?.(history) ?? history;
      expect([seed, standing(history).kind]).not.toEqual([seed, 'clear']);
    }
  }
});

test.each([1, 2, 7])('pages of %i: what is read until it is decided says what all records say', (size) => {
  let unread = 0;
  for (let seed = 1; seed <= 200; seed += 1) {
    const { records, told } = tell(randomStory(seeded(seed), 40));
    let end = size;
    while (end < records.length && !isDecided(SUBJECT, records.slice(0, end), trust)) end += size;
    const read = records.slice(0, end);
    expect([seed, standingOf(SUBJECT, read, trust, told)]).toEqual([seed, standingOf(SUBJECT, records, trust, told)]);
    unread += records.length - read.length;
  }
  expect(unread).toBeGreaterThan(1000);
});

test('a record that comes twice, since a new one pushed it to the next page, changes nothing', () => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const random = seeded(seed);
    const { records, told } = tell(randomStory(random, 30));
    const cut = random.integer(records.length);
    const twice = [...records.slice(0, cut + 1), ...records.slice(cut)];
    expect(standingOf(SUBJECT, twice, trust, told)).toEqual(standingOf(SUBJECT, records, trust, told));
  }
});
