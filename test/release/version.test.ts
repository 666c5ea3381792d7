import { describe, expect, test } from '@jest/globals';
import { parseVersion } from '../../src/release/version.ts';

describe('parseVersion', () => {
  test.each([
    ['1.2.3', [1n, 2n, 3n], [], ''],
    ['7', [7n], [], ''],
    ['1.2', [1n, 2n], [], ''],
    ['1.2.3.4.5', [1n, 2n, 3n, 4n, 5n], [], ''],
    ['v1.2.0', [1n, 2n, 0n], [], ''],
    ['V2', [2n], [], ''],
    ['2026.11.21.3', [2026n, 11n, 21n, 3n], [], ''],
    ['20261121031500.1', [20261121031500n, 1n], [], ''],
    ['2021.09.23.0', [2021n, 9n, 23n, 0n], [], ''],
    ['2026-11-21', [2026n, 11n, 21n], [], ''],
    ['2026-11-21.3', [2026n, 11n, 21n, 3n], [], ''],
    ['2026-11-21-rc.1', [2026n, 11n, 21n], ['rc', 1n], ''],
    ['2026-11-213', [2026n], ['11-213'], ''],
    ['2026.11.21-2', [2026n, 11n, 21n], [2n], ''],
    ['1.0.0-beta.2', [1n, 0n, 0n], ['beta', 2n], ''],
    ['1.0.0-beta.02', [1n, 0n, 0n], ['beta', 2n], ''],
    ['1.0.0--1', [1n, 0n, 0n], ['-1'], ''],
    ['1.2.3-abc1234', [1n, 2n, 3n], ['abc1234'], ''],
    ['v1.2.3-14-gabc1234', [1n, 2n, 3n], ['14-gabc1234'], ''],
    ['1.2.0+b1', [1n, 2n, 0n], [], 'b1'],
    ['1.2.3+b-5', [1n, 2n, 3n], [], 'b-5'],
    ['1.2.3-rc.1+sha.5114f85', [1n, 2n, 3n], ['rc', 1n], 'sha.5114f85'],
    ['99999999999999999999.0', [99999999999999999999n, 0n], [], ''],
    ['1234567', [1234567n], [], ''],
  ])('%s', (name, parts, prerelease, metadata) => {
    expect(parseVersion(name)).toEqual({ parts, prerelease, metadata });
  });

  test.each([
    '',
    'v',
    'latest',
    'main',
    '1e5',
    '0x10',
    '-1',
    '1.',
    '.1',
    '1..2',
    '1.2.3-',
    '1.2.3+',
    '1.2.3-a..b',
    '1.2.3+a+b',
    '1.2.3-ü',
    '1.0rc1',
    '1.x',
    '１.２',
    ' 1.2.3',
    '1.2.3\n',
    '2026-11-21T03-15',
    'web/v1.2.3',
    'release-1.2.3',
    '5114f85',
    'a3f9c1d2e4b5a6978812345678901234567890ab',
    'kubectl set image deployment/web web=web:1.2.3 --record=true',
    '__proto__',
  ])('%j is no version', (name) => {
    expect(parseVersion(name)).toBeUndefined();
  });

  test.each([
    ['digits', '9'.repeat(5_000_000)],
    ['parts', '1.'.repeat(5_000_000)],
    ['identifiers', `1-${'a.'.repeat(5_000_000)}!`],
    ['hyphens', `1${'-'.repeat(10_000_000)}!`],
    ['plus signs', `1${'+'.repeat(10_000_000)}`],
  ])('megabytes of %s are no version, at once', (_, name) => {
    const start = performance.now();
    expect(parseVersion(name)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test.each([
    ['parts', `${'1.'.repeat(499)}x`],
    ['identifiers', `1-${'a.'.repeat(498)}!`],
    ['hyphens', `1${'-'.repeat(998)}!`],
  ])('as many %s as still are looked at take no time', (_, name) => {
    const start = performance.now();
    expect(parseVersion(name)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(1000);
  });

  test('a number of 1,000 digits is read exactly', () => {
    expect(parseVersion('9'.repeat(1000))?.parts).toEqual([10n ** 1000n - 1n]);
  });
});
