import type { Mode } from './mode.ts';
import type { VersionChange } from './version-change.ts';

export type RunOn = ReturnType<typeof runOn>;

/**
 * Octopus' eleven conditions for later steps, by output name. As there, those on the version do not look at the mode:
 * a rollback from 2.0 to 1.0 is a major change too.
 */
export function runOn(mode: Mode, change: VersionChange) {
  return {
    'run-on-deploy': mode === 'deploy',
    'run-on-redeploy': mode === 'redeploy',
    'run-on-rollback': mode === 'rollback',
    'run-on-deploy-or-rollback': mode !== 'redeploy',
    'run-on-deploy-or-redeploy': mode !== 'rollback',
    'run-on-redeploy-or-rollback': mode !== 'deploy',
    'run-on-major-version-change': change === 'major',
    'run-on-minor-version-change': change === 'minor',
    'run-on-major-or-minor-version-change': change === 'major' || change === 'minor',
    'run-on-build-version-change': change === 'build',
    'run-on-revision-version-change': change === 'revision',
  } as const;
}
