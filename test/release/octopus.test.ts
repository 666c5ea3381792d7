import { describe, expect, test } from '@jest/globals';
import { calculateMode } from '../../src/release/mode.ts';
import { octopusMode } from './octopus.ts';
import { readSituation, readTable } from './situation-table.ts';

/**
 * One story a row, told to both. To Octopus: current, previous (last success), last (attempted). To us: what is live,
 * its state, what was good last, what is known. Then both results, and why ours is another.
 */
const STORIES = readTable(`
first deployment              | 1.0.0            | -                | -                | -                | none     | -                | -                           | deploy identical   | deploy unknown      | nothing to compare with is not "identical"
upgrade                       | 2.0.0            | 1.0.0            | 1.0.0            | 1.0.0            | complete | 1.0.0            | 1.0.0                       | deploy identical   | deploy major        | version 5 forgot the change of a deploy
back by one                   | 1.0.0            | 1.1.0            | 1.1.0            | 1.1.0            | complete | 1.1.0            | 1.1.0 1.0.0                 | rollback minor     | rollback minor      | -
the same again                | 1.1.0            | 1.1.0            | 1.0.0            | 1.1.0            | complete | 1.1.0            | 1.1.0 1.0.0                 | redeploy identical | redeploy identical  | -
between good and failed, new  | 1.1.0            | 1.0.0            | 1.2.0            | 1.2.0            | failed   | 1.0.0            | 1.2.0 1.0.0                 | rollback identical | deploy minor        | it never ran here, so its migrations must
from failed to good           | 1.0.0            | 1.0.0            | 1.1.0            | 1.1.0            | failed   | 1.0.0            | 1.1.0 1.0.0                 | rollback minor     | rollback minor      | -
below a failed first one      | 1.0.0            | -                | 1.1.0            | 1.1.0            | failed   | -                | 1.1.0                       | rollback identical | deploy minor        | it never ran here, so there is nothing to go back to
lower hotfix, new             | 1.9.5            | 2.0.0            | 2.0.0            | 2.0.0            | complete | 2.0.0            | 2.0.0 1.9.4                 | rollback major     | deploy major        | it never ran here, so its migrations must
lower hotfix, known           | 1.9.5            | 2.0.0            | 2.0.0            | 2.0.0            | complete | 2.0.0            | 2.0.0 1.9.5                 | rollback major     | rollback major      | -
next pre-release              | 1.0.0-beta.2     | 1.0.0-beta.1     | 1.0.0-beta.1     | 1.0.0-beta.1     | complete | 1.0.0-beta.1     | 1.0.0-beta.1                | redeploy identical | deploy prerelease   | pre-releases count
next commit                   | 1.2.3-fade123    | 1.2.3-beef456    | 1.2.3-beef456    | 1.2.3-beef456    | complete | 1.2.3-beef456    | 1.2.3-beef456               | redeploy identical | deploy prerelease   | pre-releases count
commit before                 | 1.2.3-fade123    | 1.2.3-beef456    | 1.2.3-beef456    | 1.2.3-beef456    | complete | 1.2.3-beef456    | 1.2.3-beef456 1.2.3-fade123 | redeploy identical | rollback prerelease | commits are ordered by history
second build of a day         | 2026.11.21-2     | 2026.11.21-1     | 2026.11.21-1     | 2026.11.21-1     | complete | 2026.11.21-1     | 2026.11.21-1                | redeploy identical | deploy prerelease   | pre-releases count
candidate to release          | 1.0.0            | 1.0.0-rc.1       | 1.0.0-rc.1       | 1.0.0-rc.1       | complete | 1.0.0-rc.1       | 1.0.0-rc.1                  | redeploy identical | deploy prerelease   | the release's migrations must run
a part more                   | 1.2.0            | 1.2              | 1.2              | 1.2              | complete | 1.2              | 1.2                         | deploy identical   | deploy identical    | -
a part less                   | 1.2              | 1.2.0            | 1.2.0            | 1.2.0            | complete | 1.2.0            | 1.2.0 1.2                   | rollback build     | rollback identical  | a missing part is 0: the versions are level
a part less, new              | 1.2              | 1.2.0            | 1.2.0            | 1.2.0            | complete | 1.2.0            | 1.2.0                       | rollback build     | deploy identical    | it never ran here
leading zeros                 | 2021.09.23.0     | 2021.9.23.0      | 2021.9.23.0      | 2021.9.23.0      | complete | 2021.9.23.0      | 2021.9.23.0                 | redeploy identical | deploy identical    | names are compared exactly; only the versions are identical
numbers, not text             | 1.10.0           | 1.9.0            | 1.9.0            | 1.9.0            | complete | 1.9.0            | 1.9.0                       | deploy identical   | deploy minor        | version 5 forgot the change of a deploy
leading v                     | v1.2.0           | 1.1.0            | 1.1.0            | 1.1.0            | complete | 1.1.0            | 1.1.0                       | fails              | deploy minor        | every name is read
metadata                      | 1.2.0+b1         | 1.2.0            | 1.2.0            | 1.2.0            | complete | 1.2.0            | 1.2.0                       | fails              | deploy metadata     | every name is read
metadata with a hyphen        | 1.2.3+b-5        | 1.2.2            | 1.2.2            | 1.2.2            | complete | 1.2.2            | 1.2.2                       | fails              | deploy build        | every name is read
five parts                    | 1.2.3.4.5        | 1.2.3.4.4        | 1.2.3.4.4        | 1.2.3.4.4        | complete | 1.2.3.4.4        | 1.2.3.4.4                   | fails              | deploy revision     | every name is read
one part                      | 7                | 8                | 8                | 8                | complete | 8                | 8 7                         | fails              | rollback major      | every name is read
no version                    | latest           | 1.0.0            | 1.0.0            | 1.0.0            | complete | 1.0.0            | 1.0.0                       | fails              | deploy unknown      | every name is read
beyond 31 bits                | 20261121031500.1 | 20261120031500.1 | 20261120031500.1 | 20261120031500.1 | complete | 20261120031500.1 | 20261120031500.1            | fails              | deploy major        | every name is read
a name that fails, live       | 1.0.0            | latest           | latest           | latest           | complete | latest           | latest 1.0.0                | fails              | rollback unknown    | every name is read, and history orders them
the good one after a rollback | 1.1.0            | 1.1.0            | 1.2.0            | 1.1.0            | complete | 1.1.0            | 1.2.0 1.1.0                 | rollback minor     | redeploy identical  | the cluster says what is live, not the last attempt
forward after a rollback      | 1.3.0            | 1.1.0            | 1.2.0            | 1.1.0            | complete | 1.1.0            | 1.2.0 1.1.0                 | deploy identical   | deploy minor        | version 5 forgot the change of a deploy
the bad one once more         | 1.2.0            | 1.1.0            | 1.1.0            | 1.1.0            | complete | 1.1.0            | 1.2.0 1.1.0                 | deploy identical   | deploy minor        | version 5 forgot the change of a deploy
`);

function ourMode(situation: readonly string[]): string {
  const decision = calculateMode(readSituation(situation));
  return decision.kind === 'decided' ? `${decision.mode} ${decision.versionChange}` : decision.reasonCode;
}

describe("Octopus' Calculate Deployment Mode beside ours", () => {
  test.each(STORIES)('%s: %s', (_, wanted = '', previous = '', last = '', ...rest) => {
    const [live = '', state = '', good = '', known = '', theirs, ours] = rest;
    expect({
      theirs: octopusMode(wanted, previous, last),
      ours: ourMode([wanted, live, state, good, known]),
    }).toEqual({ theirs, ours });
  });

  test('every difference is explained, and nothing else is', () => {
    const wrong = STORIES.filter((story) => {
      const [theirs, ours, why] = story.slice(8);
      return (theirs === ours) !== (why === '');
    });
    expect(wrong).toEqual([]);
  });

  test('ours rolls back only to what was here', () => {
    const rolledBack = STORIES.filter((story) =>
      ourMode([1, 4, 5, 6, 7].map((cell) => story[cell] ?? '')).startsWith('rollback'),
    );
    expect(rolledBack.length).toBeGreaterThan(4);
    expect(rolledBack.filter((story) => !story[7]?.split(' ').includes(story[1] ?? ''))).toEqual([]);
  });
});
