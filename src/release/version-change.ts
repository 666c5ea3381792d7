import { parseVersion } from './version.ts';
import { changedPart, comparePrereleases } from './version-order.ts';

/** Octopus' words for the first four numeric parts; a later part counts as the fourth. */
export type VersionChange =
  | 'identical'
  | 'major'
  | 'minor'
  | 'build'
  | 'revision'
  | 'prerelease'
  | 'metadata'
  | 'unknown';

const PARTS = ['major', 'minor', 'build'] as const;

/**
 * The most significant difference between two releases, in either direction and for every mode (Octopus' version 5
 * forgets it on a deploy). Spellings of one version (`v1.2.0`, `1.2`) are identical; `unknown` where there is nothing
 * to compare with, or either is no version.
 */
export function versionChange(from: string | undefined, to: string): VersionChange {
  if (from === to) {
    return 'identical';
  }
  const before = from === undefined ? undefined : parseVersion(from);
  const after = parseVersion(to);
  if (!(before && after)) {
    return 'unknown';
  }
  const part = changedPart(before, after);
  if (part !== undefined) {
    return PARTS[part] ?? 'revision';
  }
  if (comparePrereleases(before, after) !== 0) {
    return 'prerelease';
  }
  return before.metadata === after.metadata ? 'identical' : 'metadata';
}
