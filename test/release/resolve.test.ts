import { describe, expect, test } from '@jest/globals';
import { emptyLedger, type Ledger } from '../../src/release/ledger.ts';
import { recordAttempt, recordEnding } from '../../src/release/record.ts';
import { type Resolution, resolveRelease } from '../../src/release/resolve.ts';
import { POD_TEMPLATE_HASH } from '../../src/rollout/marks.ts';
import { type Made, podTemplate, workloadOf } from './workload.ts';

/** Releases as they were recorded: verified, each on the ReplicaSet with the given number. */
function ledgerOf(...recorded: readonly (readonly [release: string, made: Made, number: number])[]): Ledger {
  return recorded.reduce((ledger, [release, made, number]) => {
    const replicaSet = { name: `web-${number}`, uid: `uid-${number}` };
    const at = `2026-11-21T10:${String(number).padStart(2, '0')}:00.000Z`;
    const template = podTemplate(made);
    return recordEnding(ledger, { release, verdict: 'verified', template, at, replicaSet, imageIDs: {} });
  }, emptyLedger());
}

/** Recorded with the first, then intended with the second. */
function twice(release: string, first: Made, second: Made): Ledger {
  return intended(release, second, ledgerOf([release, first, 1]));
}

function intended(release: string, made: Made, ledger = emptyLedger()): Ledger {
  const rest = { mode: 'deploy', at: '2026-11-21T11:00:00.000Z', runUrl: '', actor: '', reason: '' } as const;
  return recordAttempt(ledger, { release, template: podTemplate(made), ...rest });
}

/** What was found, in a word: `replica-set 3 by stamp`, `snapshot`, `ambiguous 1 2`, `unknown`. */
function inWords(resolution: Resolution): string {
  switch (resolution.kind) {
    case 'found':
      return resolution.revision
        ? `revision ${resolution.revision.number} by ${resolution.via}`
        : `snapshot ${resolution.template.spec.containers[0]?.image}`;
    case 'ambiguous':
      return `ambiguous ${resolution.candidates.map(({ number }) => number).join(' ')}`;
    default:
      return 'unknown';
  }
}

const V10: Made = { image: 'web:1.0', stamp: '1.0', cause: '1.0', number: 1 };
const V11: Made = { image: 'web:1.1', stamp: '1.1', cause: '1.1', number: 2 };
const CRASH: Made = { ...V11, image: 'web:crash', number: 3 };
const MISSING: Made = { ...V11, image: 'web:missing', number: 4 };
const BOTH = ledgerOf(['1.0', V10, 1], ['1.1', V11, 2]);
const none = emptyLedger();

describe('resolveRelease', () => {
  test.each<readonly [string, string, readonly Made[], Ledger, string]>([
    ['recorded, still there', '1.0', [V10, V11], BOTH, 'revision 1 by ledger'],
    [
      'recorded, among revisions that inherited its name',
      '1.1',
      [V10, V11, CRASH, MISSING],
      BOTH,
      'revision 2 by ledger',
    ],
    ['recorded, its ReplicaSet gone', '1.0', [V11], BOTH, 'snapshot web:1.0'],
    ['recorded, only impostors left', '1.1', [V10, CRASH, MISSING], BOTH, 'snapshot web:1.1'],
    ['recorded, all gone', '1.0', [], BOTH, 'snapshot web:1.0'],
    [
      'recorded, made again under another uid',
      '1.0',
      [V11, { ...V10, number: 3 }],
      ledgerOf(['1.0', V10, 9]),
      'revision 3 by ledger',
    ],
    [
      'recorded twice on the same bits',
      '1.0-b',
      [V10, V11],
      ledgerOf(['1.0', V10, 1], ['1.0-b', V10, 1]),
      'revision 1 by ledger',
    ],
    ['recorded without the stamp, found by its bits', '1.0', [{ image: 'web:1.0' }], BOTH, 'revision 1 by ledger'],
    ['intended only: the bits never came', '1.1', [V10], intended('1.1', V11), 'unknown'],
    ['intended, and the bits came', '1.1', [V10, V11], intended('1.1', V11), 'revision 2 by ledger'],
    [
      'intended, and a webhook changed the bits',
      '1.1',
      [V10, { ...V11, image: 'web@sha256:1' }],
      intended('1.1', V11),
      'revision 2 by stamp',
    ],
    [
      'named otherwise by kubectl apply: the stamp was only carried along',
      '1.1',
      [V10, { ...V11, cause: 'x' }],
      none,
      'unknown',
    ],
    ['recorded, then other bits intended that never came', '1.0', [V11], twice('1.0', V10, V11), 'snapshot web:1.0'],
    [
      'recorded, then other bits intended that came',
      '1.0',
      [{ ...V11, cause: '1.0' }],
      twice('1.0', V10, V11),
      'revision 2 by ledger',
    ],
    ['intended anew, rejected: what was here before', '1.0', [V10], intended('1.0', V11), 'revision 1 by stamp'],
    ['not recorded, one stamp', '1.0', [V10, V11], none, 'revision 1 by stamp'],
    [
      'not recorded, stamped twice on the same bits',
      '1.0',
      [V10, V11, { ...V10, cause: 'x', number: 3 }],
      none,
      'revision 1 by stamp',
    ],
    ['not recorded, the stamp inherited', '1.1', [V10, V11, CRASH, MISSING], none, 'ambiguous 4 3 2'],
    [
      'not recorded, stamp before change-cause',
      '1.1',
      [{ image: 'web:x', cause: '1.1', number: 1 }, V11],
      none,
      'revision 2 by stamp',
    ],
    [
      'kubectl alone, one candidate',
      '1.0',
      [
        { image: 'web:1.0', cause: '1.0' },
        { image: 'web:1.1', cause: '1.1' },
      ],
      none,
      'revision 1 by change-cause',
    ],
    [
      'kubectl alone, the accident',
      '1.0',
      [
        { image: 'web:1.0', cause: '1.0' },
        { image: 'web:crash', cause: '1.0' },
      ],
      none,
      'ambiguous 2 1',
    ],
    [
      'kubectl alone, the same bits twice',
      '1.0',
      [
        { image: 'web:1.0', cause: '1.0' },
        { image: 'web:1.1', cause: '1.1' },
        { image: 'web:1.0', cause: '1.0' },
      ],
      none,
      'revision 1 by change-cause',
    ],
    [
      'the same images with other settings are other bits',
      '1.0',
      [
        { ...V10, env: 'a' },
        { ...V10, env: 'b', number: 2 },
      ],
      none,
      'ambiguous 2 1',
    ],
    ['nobody speaks of it', '9.9', [V10, V11], BOTH, 'unknown'],
    ['names are compared exactly', 'v1.0', [V10, V11], BOTH, 'unknown'],
  ])('%s', (_, release, history, ledger, found) => {
    expect(inWords(resolveRelease(release, workloadOf(history).revisions, ledger))).toBe(found);
  });

  test('the live one, of several on the same bits, needs no change', () => {
    const history = [V10, { ...V10, number: 3 }, V11];
    const { revisions } = workloadOf(history);
    const live = revisions.map((revision) => ({ ...revision, live: revision.number === 1 }));
    expect(inWords(resolveRelease('1.0', live, none))).toBe('revision 1 by stamp');
  });

  test('of several on the same bits, the one that was recorded, whichever is newer', () => {
    const restarted = [V10, { ...V10, stamp: 'restarted', number: 2 }, { ...V11, number: 3 }];
    for (const number of [1, 2]) {
      const found = resolveRelease('1.0', workloadOf(restarted).revisions, ledgerOf(['1.0', V10, number]));
      expect(inWords(found)).toBe(`revision ${number} by ledger`);
    }
  });

  test("what comes back is ready for a Deployment: without the ReplicaSet's own label", () => {
    const found = resolveRelease('1.0', workloadOf([V10, V11]).revisions, BOTH);
    expect(found).toMatchObject({ kind: 'found', template: podTemplate(V10) });
    expect(JSON.stringify(found.kind === 'found' && found.template)).not.toContain(POD_TEMPLATE_HASH);
  });
});

describe('drift', () => {
  function driftOf(release: string, history: readonly Made[], ledger: Ledger): readonly string[] {
    const resolution = resolveRelease(release, workloadOf(history).revisions, ledger);
    return resolution.kind === 'ambiguous' ? [] : resolution.drift;
  }

  test('none where record and cluster agree', () => {
    expect(driftOf('1.0', [V10, V11], BOTH)).toEqual([]);
  });

  test('each impostor is named, but for the live one, which is named as what is live', () => {
    expect(driftOf('1.1', [V10, V11, CRASH, MISSING], BOTH)).toEqual([
      'revision 3 (web-3) is labelled 1.1, too, but holds other bits (app=web:crash): ignored',
    ]);
  });

  test.each([
    ['stamp', { image: 'web:crash', stamp: '1.1' }],
    ['change-cause', { image: 'web:crash', cause: '1.1' }],
  ])('an impostor by its %s alone is named, too', (_, impostor) => {
    expect(driftOf('1.1', [V10, V11, { ...impostor, number: 3 }, { image: 'web:2', number: 4 }], BOTH)).toHaveLength(1);
  });

  test('a ReplicaSet that was edited is said, and its old bits come back from the record', () => {
    const resolution = resolveRelease('1.0', workloadOf([{ ...V10, env: 'edited' }, V11]).revisions, BOTH);
    expect(inWords(resolution)).toBe('snapshot web:1.0');
    expect(resolution).toMatchObject({ drift: ['ReplicaSet web-1 no longer holds what was recorded for 1.0'] });
  });

  test.each([
    ['gone', {}],
    ['other bits', { image: 'web:evil' }],
    ['nothing', null],
    ['no template', []],
  ])('a snapshot that is %s is not trusted', (_, snapshot) => {
    const digest = BOTH.entries[0]?.template ?? '';
    const template = snapshot && 'image' in snapshot ? podTemplate(snapshot as Made) : snapshot;
    const edited = { ...BOTH, templates: { ...BOTH.templates, [digest]: template } } as unknown as Ledger;
    expect(resolveRelease('1.0', workloadOf([V11]).revisions, edited)).toEqual({
      kind: 'unknown',
      drift: ['the ledger no longer holds the template of 1.0'],
    });
  });
});
