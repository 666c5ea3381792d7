import { describe, expect, test } from '@jest/globals';
import { compareReleases } from '../../src/release/version-order.ts';

describe('compareReleases', () => {
  test.each([
    [
      'the chain of SemVer 2 item 11',
      '1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0',
    ],
    ['parts as numbers', '1.2.9 1.9 1.10 2 10.0.0.0'],
    ['more than three parts', '1.2.3 1.2.3.0.1 1.2.3.4 1.2.3.4.5 1.2.4'],
    ['calendar versions', '2021.9.23 2021.10.1 2026.11.21.3 2026.11.21.10 2026.11.22'],
    ['dates', '2026-9-30 2026-11-21 2026-11-21.2 2026-11-21.10 2027-01-01'],
    ['timestamps', '20261121031500.1 20261121031500.2 20261121031501.0'],
    ['date pre-releases', '1.2.3-20261121 1.2.3-20261122 1.2.3'],
    ['dates behind a word', '1.2.3-rc-20261121 1.2.3-rc-20261122'],
    [
      'words too short or too long for a sha',
      `1.2.3-${'a'.repeat(41)} 1.2.3-decade 1.2.3-facade 1.2.3-x-gabc123 1.2.3-x-gabc124`,
    ],
    ['beyond 2^53', '9007199254740992 9007199254740993 9007199254740994.1 99999999999999999999999999'],
    ['pre-release numbers beyond 2^53', '1.0.0-rc.9007199254740992 1.0.0-rc.9007199254740993 1.0.0-rc.a'],
    ['a mixture of spellings', 'v1.0.0-rc.1 1.0 V1.0.1 v01.1 1.1.0.1+b7'],
    ['a sha behind what tells them apart', '1.0.0-beta.1.def5678 1.0.0-beta.2.abc1234 1.0.1-abc1234'],
  ])('%s', (_, chain) => {
    const names = chain.split(' ');
    const orders = names.map((a, i) =>
      names.map((b, j) => ({ a, b, order: compareReleases(a, b), due: Math.sign(i - j) })),
    );
    expect(orders.flat().filter(({ order, due }) => order !== due)).toEqual([]);
  });

  test.each([
    ['1.2', '1.2.0'],
    ['1.2.0', '1.2.0.0.0'],
    ['v1.2.0', '1.2.0'],
    ['1.2.0+b1', '1.2.0+b2'],
    ['1.2.0+b1', '1.2.0'],
    ['2021.09.23.0', '2021.9.23'],
    ['1.0.0-rc.01', '1.0.0-rc.1'],
    ['2026-11-21', '2026.11.21'],
    ['latest', 'latest'],
  ])('%s and %s are equal', (a, b) => {
    expect([compareReleases(a, b), compareReleases(b, a)]).toEqual([0, 0]);
  });

  test.each([
    ['latest', '1.2.3'],
    ['1e5', '100000'],
    ['5114f85', '1234567'],
    ['a3f9c1d2e4b5a6978812345678901234567890ab', 'b3f9c1d2e4b5a6978812345678901234567890ab'],
    ['1.2.3-abc1234', '1.2.3-def5678'],
    ['1.2.3-abc1234', '1.2.3-1234567'],
    ['1.2.3-abc1234', '1.2.3'],
    ['v1.2.3-14-gabc1234', 'v1.2.3-9-gdef5678'],
    ['v1.2.3-14-g1234567', 'v1.2.3-9-g7654321'],
    ['1.0.0-beta.1', '1.0.0-beta.1.abc1234'],
    ['1.2.3\n', '1.2.2'],
  ])('%j and %j are unordered', (a, b) => {
    expect([compareReleases(a, b), compareReleases(b, a)]).toEqual([undefined, undefined]);
  });
});
