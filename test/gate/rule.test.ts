import { describe, expect, test } from '@jest/globals';
import { type Deployed, readDeployed } from '../../src/gate/deployed.ts';
import type { DeployedRecord } from '../../src/gate/record.ts';
import { closedBy, mayEnter, type Passage, whyWithRun } from '../../src/gate/rule.ts';
import type { Standing } from '../../src/gate/standing.ts';
import { WORKFLOWS_LOGIN } from '../../src/gate/trust.ts';
import { blockedBy, blockRecord, storedDeployed } from './sample-records.ts';

const noon = Date.parse('2026-11-21T12:00:00Z');
const hour = 3_600_000;
const minute = 60_000;

const clear: Standing = { kind: 'clear', newest: undefined };
const blocked: Standing = blockedBy(9, blockRecord());
const unreadable: Standing = { kind: 'unreadable', newest: 9, id: 9, why: 'its payload is no object' };

const inStaging = blockRecord({ environment: 'staging' });
const inProduction = blockRecord({ environment: 'production' });
const shouted = blockRecord({ environment: 'PRODUCTION' });
const anywhere = blockRecord({ environment: '' });

/** Blocked because of what it did where it wants to go. */
function provedBad(id: number): Standing {
  return blockedBy(id, inProduction);
}

/** What an environment ran, in this order, from so many minutes past noon. */
function ran(...steps: readonly (readonly [minute: number, says: Partial<DeployedRecord>])[]): readonly Deployed[] {
  const records = steps.map(([at, says], index) => storedDeployed(index + 1, at, says));
  return readDeployed('default', records.toReversed(), [WORKFLOWS_LOGIN]);
}

interface Case {
  readonly standing: Standing;
  readonly passage?: Partial<Passage>;
  readonly here?: readonly Deployed[];
  readonly after?: readonly Deployed[];
  readonly minutes?: number;
}

function decide({ standing, passage = {}, here = [], after = [], minutes = 60 }: Case) {
  const usual = { release: '1.1', environment: 'production', after: '', soakMs: 0, allowRedeploy: true };
  return mayEnter({ ...usual, ...passage }, standing, { here, after }, noon + minutes * minute);
}

const here = ran([0, {}]);
const left = ran([0, {}], [5, { running: '1.0' }]);
const unwell = ran([0, { verified: false, outcome: 'failed' }]);

describe('who may enter', () => {
  test.each<[string, Case]>([
    ['a release that nobody blocked', { standing: clear }],
    ['a blocked one where it runs verified', { standing: blocked, here }],
    ['a blocked one where it was verified again since it proved bad there', { standing: provedBad(0), here }],
    [
      'a blocked one where it was verified again since, and that proved bad elsewhere later',
      { standing: blockedBy(9, inStaging, [0, inProduction]), here },
    ],
    ['one that was verified before', { standing: clear, passage: { after: 'staging' }, after: here }],
    ['one that was, and has left since', { standing: clear, passage: { after: 'staging' }, after: left }],
    [
      'one that soaked to the millisecond',
      { standing: clear, passage: { after: 'staging', soakMs: hour }, after: here },
    ],
    [
      'one that soaked and has left since',
      { standing: clear, passage: { after: 'staging', soakMs: 5 * minute }, after: left },
    ],
  ])('%s', (_title, given) => {
    expect(decide(given).kind).toBe('open');
  });
});

describe('who may not', () => {
  test.each<[string, string, Case]>([
    ['a blocked release', 'release-blocked', { standing: blocked }],
    ['a blocked one that ran here and left', 'release-blocked', { standing: blocked, here: left }],
    ['a blocked one that never did well here', 'release-blocked', { standing: blocked, here: unwell }],
    [
      'a blocked one that proved bad here since it was verified here',
      'release-blocked',
      { standing: provedBad(2), here },
    ],
    [
      'one that proved bad here, by its name in other letters',
      'release-blocked',
      { standing: blockedBy(2, shouted), here },
    ],
    [
      'one that proved bad here, and then elsewhere',
      'release-blocked',
      { standing: blockedBy(9, inStaging, [2, inProduction]), here },
    ],
    ['one that somebody blocked without saying where', 'release-blocked', { standing: blockedBy(9, anywhere), here }],
    [
      'one that somebody blocked without saying where, before it was verified here',
      'release-blocked',
      { standing: blockedBy(9, inStaging, [0, anywhere]), here },
    ],
    [
      'one that is blocked elsewhere, and of which a record cannot be read',
      'release-blocked',
      { standing: blockedBy(9, inStaging, [0, undefined]), here },
    ],
    [
      'a blocked one that runs here, where that is not allowed',
      'release-blocked',
      { standing: blocked, here, passage: { allowRedeploy: false } },
    ],
    [
      'a blocked one that was verified before',
      'release-blocked',
      { standing: blocked, passage: { after: 'staging' }, after: here },
    ],
    ['one whose record cannot be read', 'gate-unreadable', { standing: unreadable }],
    ['one whose record cannot be read, also where it runs verified', 'gate-unreadable', { standing: unreadable, here }],
    ['one that never was there', 'not-verified', { standing: clear, passage: { after: 'staging' } }],
    [
      'one that was only tried there',
      'not-verified',
      { standing: clear, passage: { after: 'staging' }, after: unwell },
    ],
    [
      'one that was verified here, but not there',
      'not-verified',
      { standing: clear, passage: { after: 'staging' }, here },
    ],
    [
      'one that was there too short',
      'not-soaked',
      { standing: clear, passage: { after: 'staging', soakMs: hour + 1 }, after: here },
    ],
    [
      'one whose two stays make an hour only together',
      'not-soaked',
      {
        standing: clear,
        passage: { after: 'staging', soakMs: hour },
        after: ran([0, {}], [30, { running: '1.0' }], [31, {}]),
      },
    ],
    [
      'one that came by a clock ahead of ours',
      'not-soaked',
      { standing: clear, passage: { after: 'staging', soakMs: 1 }, after: ran([90, {}]) },
    ],
    [
      'one whose time cannot be told',
      'not-soaked',
      { standing: clear, passage: { after: 'staging' }, after: here.map((each) => ({ ...each, at: Number.NaN })) },
    ],
  ])('%s', (_title, code, given) => {
    expect(decide(given)).toMatchObject({ kind: 'closed', code });
  });
});

// Edge cases of Octopus Deploy's "Block Release Progression": kept where they are sound, answered where they are not.
describe('what a block does to environments', () => {
  test.each<[string, 'open' | 'closed', Case]>([
    ['never deployed there: closed', 'closed', { standing: blocked }],
    ['deployed there in vain only: closed', 'closed', { standing: blocked, here: unwell }],
    ['runs there well: may be deployed again and again', 'open', { standing: blocked, here }],
    ['the first environment is no exception', 'closed', { standing: blocked, passage: { environment: 'dev' } }],
  ])('%s', (_title, kind, given) => {
    expect(decide(given).kind).toBe(kind);
  });
});

describe('where another record than the one that closes it bars a release from going again, it is said behind the run', () => {
  test.each<[string, Standing]>([
    ['record 2 blocks it in production', blockedBy(9, inStaging, [2, inProduction])],
    ['record 2 blocks it everywhere', blockedBy(9, inStaging, [2, anywhere])],
    ['record 2 does not count, and may speak against it here', blockedBy(9, inStaging, [2, undefined])],
  ])('%s', (besides, standing) => {
    const decision = decide({ standing, here });
    expect(decision.kind === 'closed' && whyWithRun(decision)).toBe(
      `1.1 is blocked in staging by a run of octocat: it crashes (${inStaging.runUrl}); ${besides}`,
    );
  });
});

describe('what is said', () => {
  test.each<[string, string, Case]>([
    ['open', '1.1 is not blocked', { standing: clear }],
    ['here already', '1.1 is blocked, but runs verified in production already', { standing: blocked, here }],
    ['blocked', '1.1 is blocked in staging by a run of octocat: it crashes', { standing: blocked }],
    [
      'blocked elsewhere and here, where that is not what bars it',
      '1.1 is blocked in staging by a run of octocat: it crashes',
      { standing: blockedBy(9, inStaging, [2, inProduction]), here, passage: { allowRedeploy: false } },
    ],
    ['unreadable', 'record 9 about 1.1 does not count: its payload is no object', { standing: unreadable }],
    [
      'not verified, where others were',
      '1.1 was never verified in staging',
      { standing: clear, passage: { after: 'staging' }, after: unwell },
    ],
    [
      'nothing recorded there at all',
      '1.1 was never verified in stagin: no record that counts names that environment, so check its spelling',
      { standing: clear, passage: { after: 'stagin' } },
    ],
    [
      'not soaked',
      '1.1 ran verified in staging for 59m at most, and not for 1h',
      { standing: clear, passage: { after: 'staging', soakMs: hour }, after: here, minutes: 59.99 },
    ],
    [
      'verified',
      '1.1 is not blocked, and was verified in staging',
      { standing: clear, passage: { after: 'staging' }, after: here },
    ],
  ])('%s', (_title, why, given) => {
    expect(decide(given).why).toBe(why);
  });

  test('a block without environment, actor and reason is told without them', () => {
    const block = blockRecord({ environment: '', actor: '', reason: '' });
    expect(closedBy('1.1', blockedBy(9, block))).toEqual({
      kind: 'closed',
      code: 'release-blocked',
      id: 9,
      block,
      why: '1.1 is blocked',
    });
  });

  test('a reason is told at some length, and ends without a full stop', () => {
    const told = (reason: string) => closedBy('1.1', blockedBy(9, blockRecord({ reason }))).why;
    expect(told(`${'it leaks, '.repeat(29)}slowly.`)).toMatch(/: (it leaks, ){29}slowly$/);
    expect(told('x'.repeat(301))).toMatch(/: x{299}…$/);
  });

  test.each([
    [45_999, '45s'],
    [60_000, '1m'],
    [90 * minute - 1, '1h29m'],
    [90 * minute, '1h30m'],
    [25 * hour, '25h'],
  ])('%i ms are told as %s', (soakMs, told) => {
    const passage = { after: 'staging', soakMs };
    expect(decide({ standing: clear, passage, after: here, minutes: 0 }).why).toMatch(new RegExp(`not for ${told}$`));
  });

  test('foreign text stays on one line, at a readable length', () => {
    const hostile = `\u001b[31m\u2028\n::set-output name=x::y\r${'x'.repeat(5000)}`;
    const block = blockRecord({ environment: hostile, actor: hostile, reason: hostile });
    const { why } = closedBy(hostile, blockedBy(9, block));
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is there is the point
    expect(why).not.toMatch(/[\u0000-\u001f\u2028]/);
    expect(why.length).toBeLessThan(700);
  });
});
