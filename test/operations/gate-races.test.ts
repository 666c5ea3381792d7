import { afterAll, describe, expect, test } from '@jest/globals';
import { CASTS, type CastName, type RaceGround, race } from './gate-races.ts';
import { openGitHubGround, openMemoryGround } from './race-grounds.ts';

const LONGEST_MS = 60_000;

/** The first so many seeds: no rule broken in any; not always the same end over all of them. */
async function raceAll(cast: CastName, races: number, ground: RaceGround): Promise<void> {
  let [passed, stopped] = [0, 0];
  for (let seed = 1; seed <= races; seed += 1) {
    const { problem, ...ends } = await race(cast, seed, ground);
    expect([seed, problem]).toEqual([seed, undefined]);
    passed += ends.passed;
    stopped += ends.stopped;
  }
  expect({ passed: passed > 0, stopped: stopped > 0 }).toEqual({ passed: true, stopped: true });
}

describe('in memory, every request cut into its moments', () => {
  test.each(CASTS)('twenty orders of %s', (cast) => raceAll(cast, 20, openMemoryGround()), LONGEST_MS);

  test(
    'a log that acknowledges what its lists do not show yet is found out',
    async () => {
      const ground = openMemoryGround({ acknowledgesUnseen: true });
      const problems: unknown[] = [];
      for (let seed = 1; seed <= 30; seed += 1) problems.push((await race('block and promote', seed, ground)).problem);
      expect(problems).toContainEqual(expect.stringContaining('passed block'));
    },
    LONGEST_MS,
  );
});

describe('on the fake GitHub, with stale reads and delays', () => {
  const opening = openGitHubGround();

  afterAll(async () => (await opening).close());

  test.each(CASTS)('four orders of %s', async (cast) => raceAll(cast, 4, await opening), LONGEST_MS);
});
