import { describe, expect, test } from '@jest/globals';
import { calculateMode, type Situation } from '../../src/release/mode.ts';
import { readSituation, readTable } from './situation-table.ts';

function decide(situation: Situation): string {
  const decision = calculateMode(situation);
  return decision.kind === 'decided'
    ? `${decision.mode} ${decision.direction} ${decision.versionChange}`
    : decision.reasonCode;
}

describe('calculateMode, by the rows of the design', () => {
  test.each(
    // case | wanted R | live C | its state | last good G | known | mode, direction, version change
    readTable(`
    nothing live, nothing known        | 1.0.0         | -             | none       | -          | -                           | deploy none unknown
    nothing live, but known            | 1.0.0         | -             | none       | 1.0.0      | 1.0.0                       | deploy none unknown
    R = C, complete                    | 1.1.0         | 1.1.0         | complete   | 1.1.0      | 1.1.0 1.0.0                 | redeploy none identical
    R = C, complete, no version        | latest        | latest        | complete   | latest     | latest                      | redeploy none identical
    R = C, incomplete                  | 1.1.0         | 1.1.0         | incomplete | 1.0.0      | 1.1.0 1.0.0                 | deploy none identical
    R = C, failed                      | 1.1.0         | 1.1.0         | failed     | 1.0.0      | 1.1.0 1.0.0                 | deploy none identical
    R = C, failed, was good before     | 1.1.0         | 1.1.0         | failed     | 1.1.0      | 1.1.0 1.0.0                 | deploy none identical
    R = G, C failed                    | 1.0.0         | 1.1.0         | failed     | 1.0.0      | 1.1.0 1.0.0                 | rollback down minor
    R = G, C incomplete                | 1.0.0         | 1.1.0         | incomplete | 1.0.0      | 1.1.0 1.0.0                 | rollback down minor
    R = G, C a failed downgrade        | 1.1.0         | 1.0.0         | failed     | 1.1.0      | 1.1.0 1.0.0                 | rollback up minor
    R = G, C by another hand           | 1.0.0         | by hand       | complete   | 1.0.0      | 1.1.0 1.0.0                 | rollback down unknown
    R = G, C without a name            | 1.1.0         | -             | complete   | 1.1.0      | 1.1.0 1.0.0                 | rollback down unknown
    R = G, its bits gone               | 1.0.0         | 1.1.0         | failed     | 1.0.0      | 1.1.0                       | deploy down minor
    R known, older                     | 1.0.0         | 1.1.0         | complete   | 1.1.0      | 1.1.0 1.0.0                 | rollback down minor
    R known, older, C not recorded     | 1.0.0         | 3.0.0         | complete   | 1.1.0      | 1.1.0 1.0.0                 | rollback down major
    R known, older by history          | aaaaaa1       | bbbbbb2       | complete   | bbbbbb2    | cccccc3 bbbbbb2 aaaaaa1     | rollback down unknown
    R known, C without a name          | 1.0.0         | -             | complete   | 1.1.0      | 1.1.0 1.0.0                 | rollback down unknown
    R known, level, older by history   | 1.2.0+b1      | 1.2.0+b2      | complete   | -          | 1.2.0+b2 1.2.0+b1           | rollback down metadata
    R known, a commit older by history | 1.2.3-fade123 | 1.2.3-beef456 | complete   | -          | 1.2.3-beef456 1.2.3-fade123 | rollback down prerelease
    R known, newer                     | 1.1.0         | 1.0.0         | complete   | 1.0.0      | 1.1.0 1.0.0                 | deploy up minor
    R known, newer against history     | 2.0.0         | 1.9.5         | complete   | 1.9.5      | 1.9.5 2.0.0                 | deploy up major
    R known, newer by history          | cccccc3       | bbbbbb2       | complete   | bbbbbb2    | cccccc3 bbbbbb2 aaaaaa1     | deploy up unknown
    R never seen, lower                | 0.9.0         | 1.1.0         | complete   | 1.1.0      | 1.1.0 1.0.0                 | deploy down major
    R never seen, higher               | 1.2.0         | 1.1.0         | complete   | 1.1.0      | 1.1.0 1.0.0                 | deploy up minor
    R never seen, level                | v1.1.0        | 1.1.0         | complete   | 1.1.0      | 1.1.0 1.0.0                 | deploy none identical
    R never seen, no version           | latest        | 1.1.0         | complete   | 1.1.0      | 1.1.0 1.0.0                 | deploy unknown unknown
    R never seen, C without a name     | 1.2.0         | -             | complete   | -          | -                           | deploy unknown unknown
    the next pre-release               | 1.2.0-rc.2    | 1.2.0-rc.1    | complete   | 1.2.0-rc.1 | 1.2.0-rc.1                  | deploy up prerelease
    the release after its pre-release  | 1.2.0         | 1.2.0-rc.1    | complete   | 1.2.0-rc.1 | 1.2.0-rc.1                  | deploy up prerelease
    `),
  )('%s', (_, ...cells) => {
    expect(decide(readSituation(cells))).toBe(cells[5]);
  });

  test.each(
    // case | wanted R | live C | its state | last good G | known | demanded | mode, direction, version change
    readTable(`
    deploy of a new release           | 1.2.0 | 1.1.0 | complete   | 1.1.0 | 1.1.0 1.0.0 | deploy   | deploy up minor
    deploy of a known older release   | 1.0.0 | 1.1.0 | complete   | 1.1.0 | 1.1.0 1.0.0 | deploy   | deploy down minor
    deploy of the live release        | 1.1.0 | 1.1.0 | complete   | 1.1.0 | 1.1.0 1.0.0 | deploy   | deploy none identical
    redeploy of the live release      | 1.1.0 | 1.1.0 | complete   | 1.1.0 | 1.1.0 1.0.0 | redeploy | redeploy none identical
    redeploy of a failed live release | 1.1.0 | 1.1.0 | failed     | 1.0.0 | 1.1.0 1.0.0 | redeploy | redeploy none identical
    redeploy of another release       | 1.0.0 | 1.1.0 | complete   | 1.1.0 | 1.1.0 1.0.0 | redeploy | mode-refused
    redeploy, live release unnamed    | 1.1.0 | -     | complete   | 1.1.0 | 1.1.0 1.0.0 | redeploy | mode-refused
    redeploy, nothing live            | 1.1.0 | -     | none       | 1.1.0 | 1.1.0 1.0.0 | redeploy | mode-refused
    redeploy of what is gone          | 1.1.0 | 1.1.0 | none       | 1.1.0 | 1.1.0 1.0.0 | redeploy | mode-refused
    rollback to a known older release | 1.0.0 | 1.1.0 | complete   | 1.1.0 | 1.1.0 1.0.0 | rollback | rollback down minor
    rollback to a known newer release | 1.1.0 | 1.0.0 | complete   | 1.0.0 | 1.1.0 1.0.0 | rollback | rollback up minor
    rollback that is done already     | 1.0.0 | 1.0.0 | complete   | 1.0.0 | 1.1.0 1.0.0 | rollback | rollback none identical
    rollback that was cut off         | 1.0.0 | 1.0.0 | incomplete | 1.1.0 | 1.1.0 1.0.0 | rollback | rollback none identical
    rollback to live, unrecorded bits | 1.0.0 | 1.0.0 | complete   | -     | -           | rollback | rollback none identical
    rollback where nothing is live    | 1.0.0 | -     | none       | -     | 1.0.0       | rollback | rollback none unknown
    rollback to the unknown           | 0.9.0 | 1.1.0 | complete   | 1.1.0 | 1.1.0 1.0.0 | rollback | release-unknown
    rollback to the next one          | 1.2.0 | 1.1.0 | complete   | 1.1.0 | 1.1.0 1.0.0 | rollback | release-unknown
    `),
  )('demanded: %s', (_, ...cells) => {
    expect(decide(readSituation(cells, cells[5]))).toBe(cells[6]);
  });
});

describe('calculateMode, beside the mode', () => {
  test.each([
    ['nothing live, nothing known', ['1.0.0', '', 'none', '', ''], { firstDeployment: true, alreadyLive: false }],
    ['nothing live, but known', ['1.1.0', '', 'none', '', '1.0.0'], { firstDeployment: false, alreadyLive: false }],
    ['live without a name', ['1.0.0', '', 'complete', '', ''], { firstDeployment: false, alreadyLive: false }],
    ['another one live', ['1.1.0', '1.0.0', 'complete', '', ''], { firstDeployment: false, alreadyLive: false }],
    ['R = C, complete', ['1.0.0', '1.0.0', 'complete', '', ''], { firstDeployment: false, alreadyLive: true }],
    ['R = C, failed', ['1.0.0', '1.0.0', 'failed', '', ''], { firstDeployment: false, alreadyLive: true }],
  ])('%s', (_, cells, facts) => {
    expect(calculateMode(readSituation(cells))).toMatchObject(facts);
  });
});

describe('a rollback that was cut off', () => {
  const cutOff: Situation = {
    requested: 'auto',
    wanted: '1.0.0',
    live: '1.0.0',
    liveState: 'incomplete',
    attemptedAs: 'rollback',
    lastGood: '1.1.0',
    known: ['1.1.0', '1.0.0'],
  };

  test.each(['incomplete', 'failed'] as const)('stays a rollback while %s, so that no migration runs', (liveState) => {
    expect(calculateMode({ ...cutOff, liveState })).toMatchObject({ mode: 'rollback' });
  });

  test('is over once it is complete', () => {
    expect(calculateMode({ ...cutOff, liveState: 'complete' })).toMatchObject({ mode: 'redeploy' });
  });

  test('says so', () => {
    expect(calculateMode(cutOff)).toMatchObject({ reason: '1.0.0 is live but not complete, so its rollback goes on' });
  });
});
