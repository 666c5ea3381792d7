import { describe, expect, test } from '@jest/globals';
import type { Mode } from '../../src/release/mode.ts';
import { runOn } from '../../src/release/run-on.ts';
import type { VersionChange } from '../../src/release/version-change.ts';

const NAMES = [
  'run-on-deploy',
  'run-on-redeploy',
  'run-on-rollback',
  'run-on-deploy-or-rollback',
  'run-on-deploy-or-redeploy',
  'run-on-redeploy-or-rollback',
  'run-on-major-version-change',
  'run-on-minor-version-change',
  'run-on-major-or-minor-version-change',
  'run-on-build-version-change',
  'run-on-revision-version-change',
];

function namesThatAreTrue(mode: Mode, change: VersionChange): readonly string[] {
  return Object.entries(runOn(mode, change)).flatMap(([name, value]) => (value ? [name] : []));
}

describe('runOn', () => {
  test('has the eleven names', () => {
    expect(Object.keys(runOn('deploy', 'unknown'))).toEqual(NAMES);
  });

  test.each([
    ['deploy', ['run-on-deploy', 'run-on-deploy-or-rollback', 'run-on-deploy-or-redeploy']],
    ['redeploy', ['run-on-redeploy', 'run-on-deploy-or-redeploy', 'run-on-redeploy-or-rollback']],
    ['rollback', ['run-on-rollback', 'run-on-deploy-or-rollback', 'run-on-redeploy-or-rollback']],
  ] as const)('%s', (mode, names) => {
    expect(namesThatAreTrue(mode, 'identical')).toEqual(names);
  });

  test.each([
    ['major', ['run-on-major-version-change', 'run-on-major-or-minor-version-change']],
    ['minor', ['run-on-minor-version-change', 'run-on-major-or-minor-version-change']],
    ['build', ['run-on-build-version-change']],
    ['revision', ['run-on-revision-version-change']],
    ['prerelease', []],
    ['metadata', []],
    ['identical', []],
    ['unknown', []],
  ] as const)('a %s change, whatever the mode', (change, names) => {
    for (const mode of ['deploy', 'redeploy', 'rollback'] as const) {
      expect(namesThatAreTrue(mode, change).filter((name) => name.includes('change'))).toEqual(names);
    }
  });
});
