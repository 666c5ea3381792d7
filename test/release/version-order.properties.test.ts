import { describe, expect, test } from '@jest/globals';
import semver from 'semver';
import { parseVersion } from '../../src/release/version.ts';
import { compareReleases } from '../../src/release/version-order.ts';
import { type Seeded, seeded } from './seeded.ts';

const SEED = Number(process.env['ROLLKEY_SEED'] ?? 20261121);

/** Small numbers and few words, so that pairs often agree up to the last identifier. */
function generateSemver(random: Seeded): string {
  const number = () => random.pick([0, 1, 2, 9, 10, 11, Number.MAX_SAFE_INTEGER]);
  const identifier = () =>
    random.pick<string | number>(['alpha', 'beta', 'rc', 'RC', 'a-b', '-', '0a', 'x1', number()]);
  const identifiers = () => Array.from({ length: 1 + random.integer(3) }, identifier).join('.');
  const core = [number(), number(), number()].join('.');
  const prerelease = random.integer(3) > 0 ? `-${identifiers()}` : '';
  return `${core}${prerelease}${random.integer(4) === 0 ? `+${identifiers()}` : ''}`;
}

/** Everything that a release may be called here: fewer and more parts, `v`, leading zeros, shas, words. */
function generateName(random: Seeded): string {
  const number = () => random.pick(['0', '1', '2', '02', '10', '99999999999999999999']);
  const parts = Array.from({ length: 1 + random.integer(4) }, number).join('.');
  const identifier = () => random.pick(['rc', 'beta', 'abc1234', 'def5678', '3-gabc1234', '1234567', number()]);
  const tail = Array.from({ length: random.integer(3) }, identifier).join('.');
  const version = `${random.pick(['', '', 'v'])}${parts}${tail && `-${tail}`}${random.pick(['', '', '+b1'])}`;
  return random.pick([version, version, version, version, 'latest', '5114f85']);
}

function generate<T>(count: number, make: (random: Seeded) => T): readonly T[] {
  const random = seeded(SEED);
  return Array.from({ length: count }, () => make(random));
}

describe(`version order on names generated from seed ${SEED}`, () => {
  const pairs = generate(5000, (random) => {
    const a = generateSemver(random);
    return { a, b: random.integer(2) === 0 ? generateSemver(random) : nearTo(a, random) };
  });

  test('agrees with the semver package on 5,000 pairs', () => {
    const disagreements = pairs.filter(({ a, b }) => compareReleases(a, b) !== semver.compare(a, b));
    expect({ seed: SEED, disagreements }).toEqual({ seed: SEED, disagreements: [] });
  });

  test('those pairs hold every order, and every name of them is valid SemVer', () => {
    const counts = [-1, 0, 1].map((due) => pairs.filter(({ a, b }) => semver.compare(a, b) === due).length);
    expect(Math.min(...counts)).toBeGreaterThan(200);
    expect(pairs.flatMap(({ a, b }) => [a, b]).filter((name) => !(semver.valid(name) && parseVersion(name)))).toEqual(
      [],
    );
  });

  const triples = generate(5000, (random) => ({
    a: generateName(random),
    b: generateName(random),
    c: generateName(random),
  }));

  test('is antisymmetric', () => {
    const broken = triples.filter(({ a, b }) => compareReleases(a, b) !== mirrored(compareReleases(b, a)));
    expect({ seed: SEED, broken }).toEqual({ seed: SEED, broken: [] });
  });

  test('is transitive', () => {
    const chains = triples
      .flatMap(
        ({ a, b, c }) =>
          [
            [a, b, c],
            [b, c, a],
            [c, a, b],
            [c, b, a],
            [b, a, c],
            [a, c, b],
          ] as const,
      )
      .filter(([a, b, c]) => compareReleases(a, b) === -1 && compareReleases(b, c) === -1);
    const broken = chains.filter(([a, , c]) => compareReleases(a, c) !== -1);
    expect({ seed: SEED, broken }).toEqual({ seed: SEED, broken: [] });
    expect(chains.length).toBeGreaterThan(1000);
  });

  test('is total on versions that no commit sha tells apart', () => {
    const plain = triples.filter(({ a, b }) => parseVersion(a) && parseVersion(b) && !/abc1234|def5678/.test(a + b));
    const unordered = plain.filter(({ a, b }) => compareReleases(a, b) === undefined);
    expect({ seed: SEED, unordered }).toEqual({ seed: SEED, unordered: [] });
    expect(plain.length).toBeGreaterThan(500);
  });
});

/** The same version with its end changed: longer, shorter, or with metadata. */
function nearTo(version: string, random: Seeded): string {
  const [bare = ''] = version.split('+');
  const longer = bare.includes('-') ? `${bare}.1` : `${bare}-0`;
  return random.pick([`${bare}+b1`, longer, bare.replace(/-.*/, '')]);
}

function mirrored(order: -1 | 0 | 1 | undefined): number | undefined {
  return order === undefined ? undefined : 0 - order;
}
