import { describe, expect, test } from '@jest/globals';
import { emptyLedger, type Ledger } from '../../src/release/ledger.ts';
import { nameLive } from '../../src/release/live.ts';
import { recordAttempt, recordEnding } from '../../src/release/record.ts';
import { type Made, podTemplate, workloadOf } from './workload.ts';

const V10: Made = { image: 'web:1.0', stamp: '1.0', cause: '1.0' };
const V11: Made = { image: 'web:1.1', stamp: '1.1', cause: '1.1' };
const none = emptyLedger();

function recorded(ledger: Ledger, release: string, made: Made, minute: number): Ledger {
  const at = `2026-11-21T10:${String(minute).padStart(2, '0')}:00.000Z`;
  const template = podTemplate(made);
  const attempted = recordAttempt(ledger, { release, mode: 'deploy', template, at, runUrl: '', actor: '', reason: '' });
  const replicaSet = { name: 'web', uid: `uid-${minute}` };
  return recordEnding(attempted, { release, verdict: 'verified', template, at, replicaSet, imageIDs: {} });
}

const BOTH = recorded(recorded(none, '1.0', V10, 1), '1.1', V11, 2);

function live(history: readonly Made[], ledger: Ledger) {
  const { deployment, revisions } = workloadOf(history);
  return nameLive(deployment.spec.template, revisions, ledger);
}

describe('nameLive', () => {
  test.each<readonly [string, readonly Made[], Ledger, string]>([
    ['recorded', [V10, V11], BOTH, '1.1'],
    ['recorded, undone by hand', [V11, V10], BOTH, '1.0'],
    ['recorded, its labels lost', [V11, { image: 'web:1.0' }], BOTH, '1.0'],
    ['recorded under two names: the one attempted last', [V10], recorded(BOTH, '1.0-b', V10, 3), '1.0-b'],
    [
      'recorded under two names, the first attempted again',
      [V10],
      recorded(recorded(BOTH, '1.0-b', V10, 3), '1.0', V10, 4),
      '1.0',
    ],
    ['not recorded: change-cause', [{ image: 'web:1.0', cause: '1.0' }], none, '1.0'],
    ['not recorded: stamp', [{ image: 'web:1.0', stamp: '1.0' }], none, '1.0'],
    ['a change-cause newer than the stamp: kubectl apply', [V10, { ...V11, stamp: '1.0' }], none, '1.1'],
    ['nothing names it', [{ image: 'web:1.0' }], none, ''],
    ['recorded for others only', [V10, { image: 'web:9' }], BOTH, ''],
  ])('%s', (_, history, ledger, release) => {
    expect(live(history, ledger)).toMatchObject({ release, drift: [] });
    expect(live(history, ledger).label).toBe(release || `app=${history.at(-1)?.image}`);
  });

  test.each<readonly [string, readonly Made[], Ledger, string]>([
    [
      'a hand-made image under a recorded name',
      [V10, V11, { ...V11, image: 'web:crash' }],
      BOTH,
      'what this run found live is labelled 1.1 but is not what was recorded for it; it is app=web:crash',
    ],
    [
      'a hand-made image, nothing recorded',
      [V10, V11, { ...V11, image: 'web:crash' }],
      none,
      'what this run found live is labelled 1.1 but revision 2 is, too, with other bits; it is app=web:crash',
    ],
    [
      'an environment changed by hand',
      [V10, { ...V10, env: 'debug' }],
      BOTH,
      'what this run found live is labelled 1.0 but is not what was recorded for it; it is app=web:1.0',
    ],
  ])('%s has no name, and that is said', (_, history, ledger, drift) => {
    expect(live(history, ledger)).toMatchObject({ release: '', drift: [drift] });
  });

  test.each([
    ['a line end and a workflow command', '1.1\n::error::x', '1.1\u{FFFD}::error::x'],
    ['a workflow command', '1.1::warning::x', '1.1::warning::x'],
    ['ANSI', '\u001b[31m1.1', '\u{FFFD}[31m1.1'],
    ['a character that is not seen', '1.1\u200b', '1.1\u{FFFD}'],
    ['more than 200 characters', 'x'.repeat(201), `${'x'.repeat(79)}…`],
  ])('a change-cause with %s names nothing: no run could be told to leave or to unblock it', (_, cause, shown) => {
    const drift = [`what this run found live is labelled ${shown} but that is no name of a release; it is app=web:1.1`];
    const unnamed = { release: '', label: 'app=web:1.1', drift };
    expect(live([V10, { image: 'web:1.1', stamp: '1.1', cause }], none)).toMatchObject(unnamed);
    expect(live([V10, { image: 'web:1.1', stamp: cause }], none)).toMatchObject(unnamed);
    const { deployment } = workloadOf([{ image: 'web:1.1' }]);
    expect(nameLive(deployment.spec.template, [], none, cause)).toMatchObject(unnamed);
  });

  test('an attempt that never reached the cluster takes no name away', () => {
    const rejected = { mode: 'deploy', at: '2026-11-21T11:00:00.000Z', runUrl: '', actor: '', reason: '' } as const;
    const ledger = recordAttempt(none, { release: '1.0', template: podTemplate(V11), ...rejected });
    expect(live([V10], ledger).release).toBe('1.0');
  });

  test('before the controller has made its ReplicaSet, only the record can name it', () => {
    const { deployment } = workloadOf([V10]);
    expect(nameLive(deployment.spec.template, [], none)).toMatchObject({ release: '', revision: undefined });
    expect(nameLive(deployment.spec.template, [], BOTH)).toMatchObject({ release: '1.0', revision: undefined });
  });
});
