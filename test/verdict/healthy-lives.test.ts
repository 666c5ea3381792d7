import { describe, expect, test } from '@jest/globals';
import { type Judged, judge, nothingSeen } from '../../src/verdict/judge.ts';
import { healthyLife, seeded } from './healthy-life.ts';
import { type MomentOf, policyOf, seenAt } from './story.ts';

const balanced = policyOf('balanced');
const SEEDS = Array.from({ length: 400 }, (_, seed) => seed);

/** Judges a life at every change, and whenever the verdict asks to be woken; until it fails. */
function live(moments: readonly MomentOf[]): Judged {
  let judged: Judged = { memory: nothingSeen, cause: undefined, warnings: [], wakeAt: undefined, quietAt: undefined };
  for (const [index, moment] of moments.entries()) {
    const until = moments[index + 1]?.at ?? moment.at + 600;
    let at: number | undefined = moment.at;
    while (at !== undefined && at < until && !judged.cause) {
      judged = judge(judged.memory, seenAt({ ...moment, at }), balanced);
      if (judged.wakeAt !== undefined) expect(judged.wakeAt).toBeGreaterThan(at * 1000);
      at = judged.wakeAt && judged.wakeAt / 1000;
    }
  }
  return judged;
}

describe('random lives', () => {
  test('a healthy release never fails, and is watched to the end', () => {
    for (const seed of SEEDS) {
      const moments = healthyLife(seeded(seed));
      const { cause, quietAt } = live(moments);
      expect({ seed, cause }).toEqual({ seed, cause: undefined });
      expect(quietAt).toBeGreaterThanOrEqual(balanced.monitorMs);
    }
  });

  test.each([
    ['crashes once more before it is ready', { crashes: 5 }],
    ['restarts twice when it was complete', { relapses: 2 }],
  ])('one that %s often does', (_, ills) => {
    const failed = SEEDS.filter((seed) => live(healthyLife(seeded(seed), ills)).cause?.code === 'container-crashed');
    expect(failed.length).toBeGreaterThan(SEEDS.length / 2);
  });
});
