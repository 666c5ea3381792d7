import { expect, test } from '@jest/globals';
import { askOnce } from '../../../sandbox/bench/gate.ts';
import { crowdedCases, everydayCases, type GateCase } from '../../../sandbox/bench/gate-stores.ts';
import { openFakeGitHub } from '../../../sandbox/github/fake-github.ts';

const titled = (cases: readonly GateCase[]) => cases.map((each) => [each.title, each] as const);

async function requestsFor(given: GateCase): Promise<number> {
  const github = await openFakeGitHub();
  try {
    given.fill(github);
    const { requests } = await askOnce(github, given);
    expect(github.violations).toEqual([]);
    return requests;
  } finally {
    await github.close();
  }
}

test.each(titled(everydayCases))('three requests at most: %s', async (_title, given) => {
  expect(await requestsFor(given)).toBeLessThanOrEqual(3);
});

/** A release's own records are read one and all where that is needed, another's up to a thousand. */
const WORST: Readonly<Record<string, number>> = {
  'worst: of this one, the oldest lifted 9,999 times': 101,
  'worst: of this one, all blocks': 102,
  'worst: never verified in staging': 12,
};

test.each(titled(crowdedCases))(
  'with ten thousand records, no more of them but in the worst cases: %s',
  async (title, given) => {
    expect(await requestsFor(given)).toBeLessThanOrEqual(WORST[title] ?? 3);
  },
  60_000,
);
