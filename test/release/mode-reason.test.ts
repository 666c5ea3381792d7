import { describe, expect, test } from '@jest/globals';
import { calculateMode, type Situation } from '../../src/release/mode.ts';
import { readSituation, readTable } from './situation-table.ts';

function explain(situation: Situation): string {
  const decision = calculateMode(situation);
  return decision.kind === 'decided' ? decision.reason : decision.message;
}

describe('the reason that calculateMode gives', () => {
  test.each(
    // wanted R | live C | its state | last good G | known | reason
    readTable(`
    1.0.0  | -     | none       | -     | -           | 1.0.0 is deployed where nothing is live
    1.1.0  | 1.1.0 | complete   | 1.1.0 | 1.1.0 1.0.0 | 1.1.0 is live and complete
    1.1.0  | 1.1.0 | incomplete | 1.0.0 | 1.1.0 1.0.0 | 1.1.0 is live but not complete, so its rollout goes on
    1.1.0  | 1.1.0 | failed     | 1.0.0 | 1.1.0 1.0.0 | 1.1.0 is live but failed, so it is tried again
    1.0.0  | 1.1.0 | failed     | 1.0.0 | 1.1.0 1.0.0 | 1.0.0 is the last good release and takes over from the live 1.1.0, which failed
    1.0.0  | 1.1.0 | incomplete | 1.0.0 | 1.1.0 1.0.0 | 1.0.0 is the last good release and takes over from the live 1.1.0, which did not complete
    1.0.0  | -     | complete   | 1.0.0 | 1.1.0 1.0.0 | 1.0.0 is the last good release and takes over from the live, unnamed release
    1.0.0  | 1.1.0 | complete   | 1.1.0 | 1.1.0 1.0.0 | 1.0.0 was here before and is older than the live 1.1.0
    1.1.0  | 1.0.0 | complete   | 1.0.0 | 1.1.0 1.0.0 | 1.1.0 was here before and is newer than the live 1.0.0
    1.2.0  | 1.1.0 | complete   | 1.1.0 | 1.1.0 1.0.0 | 1.2.0 is not known here and is newer than the live 1.1.0
    0.9.0  | 1.1.0 | complete   | 1.1.0 | 1.1.0 1.0.0 | 0.9.0 is not known here and is older than the live 1.1.0, but only a known release is rolled back to
    v1.1.0 | 1.1.0 | complete   | 1.1.0 | 1.1.0 1.0.0 | v1.1.0 is not known here and is level with the live 1.1.0
    latest | 1.1.0 | complete   | 1.1.0 | 1.1.0 1.0.0 | latest is not known here and is not comparable with the live 1.1.0
    `),
  )('%s over %s (%s, last good %s, known %s)', (...cells) => {
    expect(explain(readSituation(cells))).toBe(cells[5]);
  });

  test('tells that the wanted release was the last attempted', () => {
    const situation = readSituation(['1.1.0', '1.0.0', 'complete', '1.0.0', '1.1.0 1.0.0']);
    const reason = '1.1.0 was attempted here last and is newer than the live 1.0.0';
    expect(explain({ ...situation, lastAttempted: '1.1.0' })).toBe(reason);
  });

  test('does not call a canary that is held incomplete where it is taken back', () => {
    const situation = readSituation(['1.0.0', '1.1.0', 'incomplete', '1.0.0', '1.1.0 1.0.0']);
    const canary = { release: '1.1.0', digest: 'sha256:1', from: '1.0.0', sizes: [{ pods: 1 }], step: 0 };
    const held = '1.1.0 is held as a canary beside 1.0.0, and is taken back';
    expect(explain({ ...situation, canary })).toBe(held);
    expect(explain({ ...situation, canary, requested: 'rollback', lastGood: '0.9.0' })).toBe(held);
    const letGo = '1.0.0 is the last good release and takes over from the live 1.1.0, which did not complete';
    expect(explain({ ...situation, canary: { ...canary, step: 1 } })).toBe(letGo);
  });

  test.each(
    // demanded | wanted R | live C | its state | known | reason, or the refusal's message
    readTable(`
    deploy   | 1.0.0  | 1.1.0 | complete   | 1.1.0 1.0.0 | deploy was demanded; calculated: rollback, because 1.0.0 was here before and is older than the live 1.1.0
    rollback | 1.0.0  | 1.1.0 | complete   | 1.1.0 1.0.0 | 1.0.0 was here before and is older than the live 1.1.0
    rollback | 1.1.0  | 1.1.0 | complete   | 1.1.0 1.0.0 | 1.1.0 is live and complete, so there is nothing to roll back
    rollback | 1.1.0  | 1.1.0 | incomplete | 1.1.0 1.0.0 | rollback was demanded; calculated: deploy, because 1.1.0 is live but not complete, so its rollout goes on
    rollback | 0.9.0  | 1.1.0 | complete   | 1.1.0 1.0.0 | release 0.9.0 is not known here (known: 1.1.0, 1.0.0); deploy it with mode auto and its images, or raise revisionHistoryLimit
    rollback | 0.9.0  | -     | none       | -           | release 0.9.0 is not known here (known: none); deploy it with mode auto and its images, or raise revisionHistoryLimit
    redeploy | v1.1.0 | 1.1.0 | complete   | 1.1.0 1.0.0 | release v1.1.0 is not live, the live 1.1.0 is: redeploy restarts only the live release; use mode auto
    redeploy | 1.1.0  | -     | complete   | 1.1.0 1.0.0 | release 1.1.0 is not live, the live, unnamed release is: redeploy restarts only the live release; use mode auto
    redeploy | 1.1.0  | -     | none       | 1.1.0 1.0.0 | release 1.1.0 is not live, nothing is: redeploy restarts only the live release; use mode auto
    `),
  )(
    '%s demanded: %s over %s (%s, known %s)',
    (requested, wanted = '', live = '', state = '', known = '', reason = '') => {
      expect(explain(readSituation([wanted, live, state, '', known], requested))).toBe(reason);
    },
  );

  test.each(['auto', 'deploy', 'redeploy', 'rollback'])(
    'is one short line whatever a cluster holds (%s)',
    (requested) => {
      const hostile = `x\n::error::${'y'.repeat(100_000)}`;
      const known = Array.from({ length: 1000 }, (_, index) => `${hostile}${index}`);
      const situation = { ...readSituation(['1.0.0', '', 'complete', '', ''], requested), live: hostile, known };
      expect(explain(situation)).toMatch(/^[^\n]{1,1200}$/);
    },
  );
});
