import { describe, expect, test } from '@jest/globals';
import { calculateMode, type DecidedMode, type ModeDecision } from '../../src/release/mode.ts';
import { refuse } from '../../src/release/refusal.ts';
import { trainMode, trainTarget } from '../../src/release/train.ts';

const moving = { kind: 'decided', firstDeployment: false, alreadyLive: false } as const;
const here = { ...moving, direction: 'none', versionChange: 'identical', alreadyLive: true } as const;

const FIRST: DecidedMode = {
  ...moving,
  mode: 'deploy',
  direction: 'none',
  versionChange: 'unknown',
  firstDeployment: true,
  reason: 'first',
};
const UP: DecidedMode = { ...moving, mode: 'deploy', direction: 'up', versionChange: 'minor', reason: 'up' };
const DOWN: DecidedMode = { ...moving, mode: 'deploy', direction: 'down', versionChange: 'major', reason: 'down' };
const BACK: DecidedMode = { ...moving, mode: 'rollback', direction: 'down', versionChange: 'build', reason: 'back' };
const THERE: DecidedMode = { ...here, mode: 'redeploy', reason: 'there' };
const RESUMED: DecidedMode = { ...here, mode: 'deploy', reason: 'resumed' };

function findings<T extends { readonly kind: string }>(found: readonly T[]) {
  return found.map((each, index) => ({ workload: `deployment shop/w${index}`, found: each }));
}

describe('trainMode', () => {
  test.each([
    ['one workload', [UP], UP],
    ['all deploy', [UP, UP], UP],
    ['all redeploy', [THERE, THERE], THERE],
    ['all roll back', [BACK, BACK], BACK],
    ['a new workload beside ones that go up', [UP, FIRST], UP],
    ['all new', [FIRST, FIRST], FIRST],
    ['a new workload beside ones that are there', [THERE, FIRST], { ...FIRST, firstDeployment: false }],
    ['the rest of a cut-off deploy', [THERE, RESUMED, UP], UP],
    ['the rest of a cut-off rollback', [THERE, RESUMED, BACK], BACK],
    ['only unfinished ones beside ones that are there', [THERE, RESUMED], RESUMED],
    ['changes of different size and direction', [UP, DOWN], { ...UP, direction: 'unknown', versionChange: 'major' }],
  ])('%s', (_, modes, train) => {
    expect(trainMode(findings(modes))).toEqual(train);
  });

  test('the order of the workloads changes nothing but whose reason is told', () => {
    const modes = [THERE, RESUMED, BACK, { ...BACK, reason: 'other' }];
    expect(trainMode(findings(modes.toReversed()))).toEqual({ ...BACK, reason: 'other' });
  });

  test.each([
    ['a first deployment beside a rollback', [BACK, FIRST], 'deployment shop/w0: rollback, deployment shop/w1: deploy'],
    ['a deploy beside a rollback', [UP, THERE, BACK], 'deployment shop/w0: deploy, deployment shop/w2: rollback'],
  ])('refuses %s', (_, modes, list) => {
    const message = `the workloads differ in mode (${list}); set mode to deploy or rollback, or run them apart`;
    expect(trainMode(findings(modes))).toEqual({ kind: 'refused', reasonCode: 'mode-refused', message });
  });

  test('one refusal refuses the train, and all are told', () => {
    const refused = (message: string): ModeDecision => refuse('release-unknown', message);
    expect(trainMode(findings([BACK, refused('1.0 is gone'), refused('so is this')]))).toEqual({
      kind: 'refused',
      reasonCode: 'release-unknown',
      message: 'deployment shop/w1: 1.0 is gone; deployment shop/w2: so is this',
    });
  });

  test('a train that was rolled back by half is rolled back whole, calculated or demanded', () => {
    const known = ['1.1.0', '1.0.0'];
    for (const requested of ['auto', 'rollback'] as const) {
      const situation = { requested, wanted: '1.0.0', lastGood: '1.1.0', known };
      const web = calculateMode({ ...situation, live: '1.0.0', liveState: 'incomplete' });
      const worker = calculateMode({ ...situation, live: '1.1.0', liveState: 'complete' });
      expect(trainMode(findings([web, worker]))).toMatchObject({
        kind: 'decided',
        mode: 'rollback',
        direction: 'down',
      });
    }
  });
});

describe('trainTarget', () => {
  const found = (release: string) => ({ kind: 'found', release }) as const;

  test('the release on which all agree', () => {
    expect(trainTarget(findings([found('1.0.0'), found('1.0.0')]))).toEqual(found('1.0.0'));
  });

  test('refused where they part', () => {
    expect(trainTarget(findings([found('1.0.0'), found('1.1.0')]))).toEqual({
      kind: 'refused',
      reasonCode: 'mode-refused',
      message:
        'the workloads would return to different releases (deployment shop/w0: 1.0.0, deployment shop/w1: 1.1.0); name the release',
    });
  });

  test('refused where one has none', () => {
    expect(trainTarget(findings([found('1.0.0'), refuse('release-unknown', 'nothing here')]))).toEqual({
      kind: 'refused',
      reasonCode: 'release-unknown',
      message: 'deployment shop/w1: nothing here',
    });
  });
});
