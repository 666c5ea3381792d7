import { describe, expect, test } from '@jest/globals';
import { emptyLedger, findEntry, goodReleases, isGood, type Ledger, verdictOf } from '../../src/release/ledger.ts';
import {
  type Attempt,
  type Ending,
  recordAttempt,
  recordEnding,
  recordLeft,
  recordSuperseded,
  withdrawAttempt,
  withoutOrphans,
} from '../../src/release/record.ts';
import { templateDigest } from '../../src/rollout/template.ts';
import { seeded } from './seeded.ts';
import { podTemplate, replicaSetOf } from './workload.ts';

const OLD = podTemplate({ image: 'web:1.0' });
const NEW = podTemplate({ image: 'web:1.1' });

function attempt(release: string, minute: number, rest: Partial<Attempt> = {}): Attempt {
  return { release, mode: 'deploy', template: OLD, at: at(minute), runUrl: '', actor: '', reason: '', ...rest };
}

function ending(release: string, minute: number, rest: Partial<Ending> = {}): Ending {
  const replicaSet = { name: 'web-1', uid: 'uid-1' };
  return { release, verdict: 'verified', template: OLD, at: at(minute), replicaSet, imageIDs: {}, ...rest };
}

function at(minute: number): string {
  return `2026-11-21T10:${String(minute).padStart(2, '0')}:00.000Z`;
}

const verified = recordEnding(recordAttempt(emptyLedger(), attempt('1.0', 1)), ending('1.0', 2));

describe('an attempt', () => {
  test('is written with all that is known of it, and its bits', () => {
    const run = { runUrl: 'https://example.com/1', actor: 'octocat', reason: 'because' };
    expect(recordAttempt(emptyLedger(), attempt('1.0', 1, run))).toEqual({
      schemaVersion: 1,
      entries: [
        {
          release: '1.0',
          mode: 'deploy',
          template: templateDigest(OLD),
          images: { app: 'web:1.0' },
          firstAttemptedAt: at(1),
          attemptedAt: at(1),
          ...run,
        },
      ],
      templates: { [templateDigest(OLD)]: OLD },
    });
  });

  test("is about the bits alone: a ReplicaSet's own label does not stay in the snapshot", () => {
    const { template } = replicaSetOf({ image: 'web:1.0' }, 7).spec;
    expect(recordAttempt(emptyLedger(), attempt('1.0', 1, { template })).templates).toEqual({
      [templateDigest(OLD)]: OLD,
    });
  });

  test('on the same bits keeps verdict and first time, and forgets run, actor and reason of the last one', () => {
    const first = recordAttempt(verified, attempt('1.0', 3, { runUrl: 'https://example.com/1', reason: 'first' }));
    const [entry] = recordAttempt(first, attempt('1.0', 4, { actor: 'octocat' })).entries;
    expect(entry).toMatchObject({ firstAttemptedAt: at(1), attemptedAt: at(4), verifiedAt: at(2), actor: 'octocat' });
    expect(entry).not.toHaveProperty('runUrl');
    expect(entry).not.toHaveProperty('reason');
    expect(entry && isGood(entry)).toBe(true);
  });

  test('on other bits under a known name takes nothing over but the first time, and keeps what the name stood for', () => {
    const ledger = recordAttempt(verified, attempt('1.0', 3, { template: NEW }));
    const [entry] = ledger.entries;
    expect(entry).toEqual({
      release: '1.0',
      mode: 'deploy',
      template: templateDigest(NEW),
      images: { app: 'web:1.1' },
      firstAttemptedAt: at(1),
      attemptedAt: at(3),
      replaced: verified.entries[0],
    });
    expect(Object.keys(ledger.templates).sort()).toEqual([templateDigest(NEW), templateDigest(OLD)].sort());
    expect(goodReleases(ledger)).toEqual(['1.0']);
  });

  test('of which none was seen in the cluster replaces nothing', () => {
    const twice = recordAttempt(recordAttempt(emptyLedger(), attempt('1.0', 1)), attempt('1.0', 2, { template: NEW }));
    expect(twice.entries[0]).not.toHaveProperty('replaced');
    const again = recordAttempt(recordAttempt(verified, attempt('1.0', 3, { template: NEW })), attempt('1.0', 4));
    expect(again.entries[0]?.replaced).toEqual(verified.entries[0]);
  });

  test('two releases on the same bits share a snapshot', () => {
    const ledger = recordAttempt(verified, attempt('1.0-again', 3));
    expect(ledger.entries.map(({ release }) => release)).toEqual(['1.0', '1.0-again']);
    expect(Object.keys(ledger.templates)).toHaveLength(1);
  });
});

describe('an ending', () => {
  test.each([
    ['verified', { verifiedAt: at(4) }, 'verified'],
    ['failed', { failedAt: at(4) }, 'failed'],
    ['unverified', {}, 'attempted'],
  ] as const)('%s', (verdict, times, shown) => {
    const intended = recordAttempt(emptyLedger(), attempt('1.1', 3, { template: NEW }));
    const ended = recordEnding(intended, ending('1.1', 4, { verdict, template: NEW, imageIDs: { app: ['sha256:1'] } }));
    const [entry] = ended.entries;
    expect(entry).toMatchObject({ ...times, replicaSet: { uid: 'uid-1' }, imageIDs: { app: ['sha256:1'] } });
    expect(entry && verdictOf(entry)).toBe(shown);
  });

  test('without a sight of the pods keeps what was seen of them before', () => {
    const seen = recordEnding(verified, ending('1.0', 3, { imageIDs: { app: ['sha256:1'] } }));
    const [entry] = recordEnding(seen, ending('1.0', 4, { imageIDs: {}, replicaSet: undefined })).entries;
    expect(entry).toMatchObject({ imageIDs: { app: ['sha256:1'] }, replicaSet: { uid: 'uid-1' }, verifiedAt: at(4) });
  });

  test('on other bits ends what the name stood for, once they were seen', () => {
    const intended = recordAttempt(verified, attempt('1.0', 3, { template: NEW }));
    const unseen = recordEnding(
      intended,
      ending('1.0', 4, { verdict: 'failed', template: NEW, replicaSet: undefined }),
    );
    expect(unseen.entries[0]?.replaced).toEqual(verified.entries[0]);
    const seen = recordEnding(intended, ending('1.0', 4, { verdict: 'failed', template: NEW }));
    expect(seen.entries[0]).not.toHaveProperty('replaced');
    expect(Object.keys(seen.templates)).toEqual([templateDigest(NEW)]);
    expect(goodReleases(seen)).toEqual([]);
  });

  test('keeps the bits as the cluster took them', () => {
    const ledger = recordEnding(recordAttempt(emptyLedger(), attempt('1.0', 1)), ending('1.0', 2, { template: NEW }));
    expect(ledger.entries[0]).toMatchObject({ template: templateDigest(NEW), images: { app: 'web:1.1' } });
    expect(Object.keys(ledger.templates)).toEqual([templateDigest(NEW)]);
  });

  test('without an attempt before it makes an entry: what was met live', () => {
    expect(recordEnding(emptyLedger(), ending('1.0', 2)).entries[0]).toMatchObject({
      firstAttemptedAt: at(2),
      attemptedAt: at(2),
      verifiedAt: at(2),
    });
  });
});

describe('an attempt that was not written is taken back', () => {
  const intended = recordAttempt(verified, attempt('1.0', 3, { template: NEW }));

  test('and the name stands for what it stood for', () => {
    const [entry] = verified.entries;
    const noted = { ...entry, attemptedAt: at(3), unwrittenAt: at(4) };
    expect(withdrawAttempt(intended, '1.0', NEW, at(4))).toEqual({ ...verified, entries: [noted] });
  });

  test('and where it stood for the same, or for nothing, that is noted', () => {
    const first = recordAttempt(emptyLedger(), attempt('1.1', 3, { template: NEW }));
    const again = recordAttempt(verified, attempt('1.0', 3));
    const [template] = [verified.templates[verified.entries[0]?.template ?? '']];
    for (const [ledger, release, bits] of [
      [first, '1.1', NEW],
      [again, '1.0', template ?? NEW],
    ] as const)
      expect(withdrawAttempt(ledger, release, bits, at(4)).entries).toEqual([
        { ...ledger.entries[0], unwrittenAt: at(4) },
      ]);
  });

  test.each([
    ['somebody attempts other bits by now', recordAttempt(intended, attempt('1.0', 4)), '1.0'],
    ['there is no such release', verified, '9.9'],
  ])('unless %s', (_, ledger, release) => {
    expect(withdrawAttempt(ledger, release, NEW, at(5))).toBe(ledger);
  });
});

test('leaving a release marks it, unless it has no entry', () => {
  expect(findEntry(recordLeft(verified, '1.0', at(5)), '1.0')).toMatchObject({ rolledBackAt: at(5) });
  expect(recordLeft(verified, '0.9', at(5))).toEqual(verified);
});

test('superseding marks the attempt, unless the name has other bits by now', () => {
  expect(findEntry(recordSuperseded(verified, '1.0', OLD, at(5)), '1.0')).toMatchObject({ supersededAt: at(5) });
  expect(recordSuperseded(verified, '1.0', NEW, at(5))).toEqual(verified);
  expect(recordSuperseded(verified, '0.9', OLD, at(5))).toEqual(verified);
});

describe('clocks that differ between runners', () => {
  test('an attempt is later than all that is recorded', () => {
    const ledger = recordAttempt(recordEnding(verified, ending('1.0', 30)), attempt('1.1', 5, { template: NEW }));
    expect(findEntry(ledger, '1.1')?.attemptedAt).toBe('2026-11-21T10:30:00.001Z');
  });

  test('a failure after a success is a failure, though its clock is behind', () => {
    const again = recordAttempt(recordEnding(verified, ending('1.0', 30)), attempt('1.0', 5));
    const [failed] = recordEnding(again, ending('1.0', 6, { verdict: 'failed' })).entries;
    expect(failed && verdictOf(failed)).toBe('failed');
    expect(failed && isGood(failed)).toBe(false);
  });

  test('a release that was left is not good, though the clock is behind', () => {
    const [left] = recordLeft(recordEnding(verified, ending('1.0', 30)), '1.0', at(5)).entries;
    expect(left && isGood(left)).toBe(false);
    expect(left && verdictOf(left)).toBe('rolled-back');
  });

  test('what is no time at all is passed over', () => {
    const edited: Ledger = {
      ...verified,
      entries: verified.entries.map((entry) => ({ ...entry, attemptedAt: 'today' })),
    };
    expect(findEntry(recordAttempt(edited, attempt('1.1', 5)), '1.1')?.attemptedAt).toBe(at(5));
  });
});

test('whatever happens in whatever order, no release is lost, none is twice, each has its bits, and time goes on', () => {
  const random = seeded(20261121);
  const releases = ['1.0', '1.1', '1.2', '1.3'] as const;
  let ledger = emptyLedger();
  const seen = new Set<string>();
  for (let step = 0; step < 500; step++) {
    const release = random.pick(releases);
    const template = podTemplate({ image: `web:${random.integer(6)}` });
    const minute = random.integer(60);
    const before = ledger;
    const what = random.pick(['attempt', 'verified', 'failed', 'left', 'superseded'] as const);
    if (what === 'attempt') ledger = recordAttempt(ledger, attempt(release, minute, { template }));
    else if (what === 'left') ledger = recordLeft(ledger, release, at(minute));
    else if (what === 'superseded') ledger = recordSuperseded(ledger, release, template, at(minute));
    else ledger = recordEnding(ledger, ending(release, minute, { template, verdict: what }));
    if (ledger.entries.length > before.entries.length) seen.add(release);
    expect(new Set(ledger.entries.map((entry) => entry.release))).toEqual(seen);
    expect(ledger.entries).toHaveLength(seen.size);
    for (const entry of ledger.entries) {
      const snapshot = ledger.templates[entry.template];
      expect(snapshot && templateDigest(snapshot)).toBe(entry.template);
      const earlier = findEntry(before, entry.release);
      expect(entry.attemptedAt >= (earlier?.attemptedAt ?? '')).toBe(true);
      if (entry !== earlier && what !== 'attempt')
        expect(verdictOf(entry)).toBe(what === 'left' ? 'rolled-back' : what);
    }
    expect(withoutOrphans(ledger)).toEqual(ledger);
  }
});
