import { describe, expect, test } from '@jest/globals';
import { releaseNameProblem } from '../../src/release/release-name.ts';

describe('releaseNameProblem', () => {
  test.each([
    '1.4.2',
    'v2.0.0-rc.1+build.5',
    'feature/login-42',
    'a3f9c1d2e4b5a6978812345678901234567890ab',
    'latest',
    '1.0 final',
    'web:1.2',
    'grün 🚀',
    '👩‍🚀-1.0',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    '$(reboot) `id` <b> | & ;',
    '__proto__',
    'x'.repeat(200),
    '🚀'.repeat(200),
  ])('%j can be used', (name) => {
    expect(releaseNameProblem(name)).toBeUndefined();
  });

  test.each([
    ['', 'release is empty: name the release to deploy, for example 1.4.2'],
    ['  \n', 'release is empty: name the release to deploy, for example 1.4.2'],
    ['1.0\n', 'release "1.0\u{FFFD}" has a line end, control or invisible character: remove it'],
    ['1.0\r::error::x', 'release "1.0\u{FFFD}::error::x" has a line end, control or invisible character: remove it'],
    ['\u{1B}[31m1.0', 'release "\u{FFFD}[31m1.0" has a line end, control or invisible character: remove it'],
    ['1.0\u{2028}', 'release "1.0\u{FFFD}" has a line end, control or invisible character: remove it'],
    ['1.0\u{202E}0.2', 'release "1.0\u{FFFD}0.2" has a line end, control or invisible character: remove it'],
    ['1.0\u{200B}', 'release "1.0\u{FFFD}" has a line end, control or invisible character: remove it'],
    ['1.0\u{D83D}', 'release "1.0\u{FFFD}" has a line end, control or invisible character: remove it'],
    [' 1.0', 'release " 1.0" begins or ends with a space: remove it'],
    ['1.0\u{A0}', 'release "1.0\u{A0}" begins or ends with a space: remove it'],
    ['a::b', 'release "a::b" has "::" or "##[", which begin a workflow command: use another separator'],
    ['a##[b', 'release "a##[b" has "::" or "##[", which begin a workflow command: use another separator'],
    ['x'.repeat(201), `release "${'x'.repeat(79)}…" has 201 characters: shorten it to 200 or fewer`],
    ['🚀'.repeat(300), `release "${'🚀'.repeat(79)}…" has 300 characters: shorten it to 200 or fewer`],
  ])('%j', (name, problem) => {
    expect(releaseNameProblem(name)).toBe(problem);
  });

  test.each(['\u{2060}', '\u{AD}', '\u{34F}', '\u{180E}', '\u{200C}', '\u{200D}', '\u{FE0F}', '\u{E0020}'])(
    'a name that only looks like another one, by %j',
    (unseen) => {
      const problem = 'has a line end, control or invisible character: remove it';
      expect(releaseNameProblem(`1.${unseen}1`)).toContain(problem);
      expect(releaseNameProblem(`1.1${unseen}`)).toContain(problem);
    },
  );

  test.each([
    [
      'gru\u0308n',
      'release "gru\u0308n" is not composed (Unicode NFC), so that it looks like another: write it "gr\u00FCn"',
    ],
    ['\u212B1', 'release "\u212B1" is not composed (Unicode NFC), so that it looks like another: write it "\u00C51"'],
  ])('a name that only looks like its composed form: %j', (name, problem) => {
    expect(releaseNameProblem(name)).toBe(problem);
    expect(releaseNameProblem(name.normalize('NFC'))).toBeUndefined();
  });

  test('megabytes are refused in one short line', () => {
    const problem = releaseNameProblem('x '.repeat(5_000_000).trim());
    expect(problem).toMatch(/has 9999999 characters/);
    expect(problem?.length).toBeLessThan(200);
  });
});
