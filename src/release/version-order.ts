import { type Identifier, parseVersion, type Version } from './version.ts';

export type Order = -1 | 0 | 1;

/**
 * Orders two releases by SemVer 2 precedence: `1.2`, `1.2.0` and `v1.2.0+b1` are equal, though not the same release.
 * Undefined where either is no version, or where a commit sha is the first thing to tell them apart: a sha says which
 * commit, not which is newer. The order is partial, so it does not sort a list.
 */
export function compareReleases(a: string, b: string): Order | undefined {
  if (a === b) {
    return 0;
  }
  const left = parseVersion(a);
  const right = parseVersion(b);
  return left && right && (compareParts(left, right) || comparePrereleases(left, right));
}

/** Compares the numeric parts alone; a missing part counts as 0. */
export function compareParts(a: Version, b: Version): Order {
  const index = changedPart(a, b);
  return index === undefined ? 0 : ascending(a.parts[index] ?? 0n, b.parts[index] ?? 0n);
}

/** The index of the first numeric part that differs. */
export function changedPart(a: Version, b: Version): number | undefined {
  const length = Math.max(a.parts.length, b.parts.length);
  for (let index = 0; index < length; index += 1) {
    if ((a.parts[index] ?? 0n) !== (b.parts[index] ?? 0n)) {
      return index;
    }
  }
  return undefined;
}

/** Compares pre-releases by SemVer 2 item 11; undefined where a commit sha tells them apart. */
export function comparePrereleases(a: Version, b: Version): Order | undefined {
  const length = Math.max(a.prerelease.length, b.prerelease.length);
  for (let index = 0; index < length; index += 1) {
    const [left, right] = [a.prerelease[index], b.prerelease[index]];
    if (left !== right) {
      return namesCommit(left) || namesCommit(right) ? undefined : compareIdentifiers(left, right, index);
    }
  }
  return 0;
}

function compareIdentifiers(a: Identifier | undefined, b: Identifier | undefined, index: number): Order {
  if (a === undefined || b === undefined) {
    // 1.0.0 is above all its pre-releases; among pre-releases, alpha.1 is above alpha.
    const longerIsHigher = index > 0;
    return (b === undefined) === longerIsHigher ? 1 : -1;
  }
  if (typeof a !== typeof b) {
    return typeof a === 'bigint' ? -1 : 1;
  }
  return ascending(a, b);
}

function ascending<T extends Identifier>(a: T, b: T): Order {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

/** As in `abc1234`, or in `14-gabc1234` by `git describe`. Bare digits are a number: a date or a build number. */
const COMMIT = /(?:^|-)(?:g[0-9a-f]{7,40}|(?=\d*[a-f])[0-9a-f]{7,40})$/;

function namesCommit(identifier: Identifier | undefined): boolean {
  return typeof identifier === 'string' && COMMIT.test(identifier);
}
