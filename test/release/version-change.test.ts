import { describe, expect, test } from '@jest/globals';
import { versionChange } from '../../src/release/version-change.ts';

describe('versionChange', () => {
  test.each([
    ['1.2.3', '1.2.3', 'identical'],
    ['latest', 'latest', 'identical'],
    ['1.2', '1.2.0', 'identical'],
    ['v1.2.0', '1.2.0', 'identical'],
    ['2021.09.23.0', '2021.9.23.0', 'identical'],
    ['1.9.9', '2.0.0', 'major'],
    ['2026.11.21', '2027.11.21', 'major'],
    ['7', '8', 'major'],
    ['1.0.0', '1.1.0', 'minor'],
    ['1', '1.1', 'minor'],
    ['1.0.0-rc.1', '1.1.0-rc.2', 'minor'],
    ['1.2.3', '1.2.4', 'build'],
    ['2026.11.21.3', '2026.11.21.4', 'revision'],
    ['1.2.3', '1.2.3.1', 'revision'],
    ['1.2.3.4.5', '1.2.3.4.6', 'revision'],
    ['1.0.0-rc.1', '1.0.0', 'prerelease'],
    ['1.0.0-beta.1', '1.0.0-beta.2', 'prerelease'],
    ['1.2.3-abc1234', '1.2.3-def5678', 'prerelease'],
    ['1.0.0-rc.1+b1', '1.0.0-rc.2+b2', 'prerelease'],
    ['1.2.0', '1.2.0+b1', 'metadata'],
    ['1.2.0+b1', '1.2.0+b2', 'metadata'],
    ['latest', '1.2.0', 'unknown'],
    ['5114f85', 'a3f9c1d', 'unknown'],
    ['1.0.0', '9'.repeat(2000), 'unknown'],
  ])('%s and %s: %s', (a, b, change) => {
    expect([versionChange(a, b), versionChange(b, a)]).toEqual([change, change]);
  });

  test('with nothing before, unknown', () => {
    expect(versionChange(undefined, '1.0.0')).toBe('unknown');
  });
});
