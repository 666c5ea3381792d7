import { expect, test } from '@jest/globals';
import { environmentProblem, parseScope, parseTrustedWriters } from '../../src/inputs/gate-names.ts';

test.each(['', 'production', 'Production EU', 'prod/eu-1', '🚀', 'a'.repeat(255)])('environment %j is fine', (name) => {
  expect(environmentProblem('environment', name)).toBeUndefined();
});

test.each([
  ['a\nb', 'after "a\u{FFFD}b" has a line end, control or invisible character: remove it'],
  ['a\u202Eb', 'after "a\u{FFFD}b" has a line end, control or invisible character: remove it'],
  [' a', 'after " a" begins or ends with a space: remove it'],
  ['a'.repeat(256), /^after "a{79}…" has 256 characters: GitHub allows 255 or fewer$/],
  ['Release-Gate', 'after "Release-Gate" holds the gate\'s own records: name the environment that the release runs in'],
])('environment %j is refused', (name, problem) => {
  expect(environmentProblem('after', name)).toEqual(
    typeof problem === 'string' ? problem : expect.stringMatching(problem),
  );
});

test.each([
  ['', 'default'],
  ['default', 'default'],
  ['shop.web_2-a', 'shop.web_2-a'],
  ['a'.repeat(36), 'a'.repeat(36)],
])('scope %j is %s', (given, scope) => {
  expect(parseScope(given)).toEqual({ scope, problems: [] });
});

test.each(['a/b', 'a b', '$(id)', 'ä', 'a:b', 'a\nb', 'a'.repeat(37)])('scope %j is refused', (given) => {
  const { problems } = parseScope(given);
  expect(problems).toEqual([expect.stringMatching(/^scope ".*" cannot be used: use A-Z, a-z, 0-9, -, _ and \./)]);
});

test.each([
  ['', ['github-actions[bot]']],
  [' \n, ', ['github-actions[bot]']],
  ['octocat', ['octocat']],
  ['octocat, my-app[bot]\r\nmona_corp,octocat', ['octocat', 'my-app[bot]', 'mona_corp']],
])('trusted-writers %j', (given, trust) => {
  expect(parseTrustedWriters(given)).toEqual({ trust, problems: [] });
});

test('each login that is none is said', () => {
  expect(parseTrustedWriters('*, octocat, @mona, my-app[robot], a b').problems).toEqual(
    ['*', '@mona', 'my-app[robot]', 'a b'].map(
      (login) => `trusted-writers: "${login}" is no login: write octocat, or my-app[bot] for an App`,
    ),
  );
});
