import { describe, expect, test } from '@jest/globals';
import { history } from '../../src/operations/history.ts';
import { roll } from '../../src/operations/roll.ts';
import type { Made } from '../release/workload.ts';
import { openShop, refOf, request, type Shop, V10, V11, withImage } from './shop.ts';

async function rolled(shop: Shop, release: string, images = ''): Promise<void> {
  const rolling = roll(shop, request(release, { images, reason: `for ${release}` }));
  for (let count = 0; count < 5; count++) await shop.clock.advance(1_000);
  expect((await rolling).outcome).toBe('succeeded');
}

describe('history', () => {
  test('recorded releases, newest first, with their revisions, marks and verdicts', async () => {
    const shop = openShop();
    await rolled(shop, '1.1', 'app=web:1.1');
    await rolled(shop, '1.2', 'app=web:1.2');
    await rolled(shop, '1.1');
    expect(await history(shop, [refOf('web')])).toMatchObject([
      {
        release: '1.2',
        revision: '3',
        verdict: 'rolled-back',
        live: false,
        lastGood: false,
        restorable: 'replica-set',
      },
      { release: '1.1', revision: '4', verdict: 'verified', live: true, lastGood: true, note: 'came back: for 1.1' },
      { release: '1.0', revision: '1', verdict: 'verified', live: false, images: { app: 'web:1.0' } },
    ]);
  });

  test('a hand-made revision has no release, and the row says whose label it carries', async () => {
    const shop = openShop();
    await rolled(shop, '1.1', 'app=web:1.1');
    shop.cluster.change('web', (deployment) => withImage(deployment, 'web:crash'));
    const rows = await history(shop, [refOf('web')]);
    expect(rows.find(({ live }) => live)).toMatchObject({
      release: '',
      images: { app: 'web:crash' },
      restorable: '',
      note: 'labelled 1.1, but not the bits recorded for it',
    });
  });

  test('what was set so lately that no ReplicaSet carries it is shown all the same', async () => {
    const shop = openShop();
    await rolled(shop, '1.1', 'app=web:1.1');
    shop.cluster.idle.add('web');
    shop.cluster.change('web', (deployment) => withImage(deployment, 'web:crash'));
    const [newest, ...others] = await history(shop, [refOf('web')]);
    expect(newest).toMatchObject({
      release: '',
      revision: '',
      images: { app: 'web:crash' },
      live: true,
      note: 'what this run found live is labelled 1.1 but is not what was recorded for it; it is app=web:crash',
    });
    expect(others.map(({ release, live }) => [release, live])).toEqual([
      ['1.1', false],
      ['1.0', false],
    ]);
  });

  test('beyond the history limit the record restores', async () => {
    const shop = openShop();
    await rolled(shop, '1.1', 'app=web:1.1');
    const later = { ...shop, cluster: openShop(['web'], [{ ...V11, number: 2 }]).cluster };
    const [, row] = await history(later, [refOf('web')]);
    expect(row).toMatchObject({ release: '1.0', revision: '', restorable: 'ledger-snapshot' });
  });

  test.each<readonly [string, readonly Made[], readonly string[]]>([
    ['made by kubectl alone', [V10, V11], ['1.1', '1.0']],
    ['without any name', [{ image: 'web:1' }], ['']],
  ])('%s', async (_, made, releases) => {
    const rows = await history(openShop(['web'], made), [refOf('web')]);
    expect(rows.map(({ release }) => release)).toEqual(releases);
    expect(rows[0]).toMatchObject({ live: true, verdict: '' });
  });

  test('several workloads, one after the other; nothing is written', async () => {
    const shop = openShop(['web', 'api'], [V10, V11]);
    const rows = await history(shop, [refOf('web'), refOf('api')]);
    expect(rows.map(({ workload, release }) => `${workload} ${release}`)).toEqual([
      'deployment/web 1.1',
      'deployment/web 1.0',
      'deployment/api 1.1',
      'deployment/api 1.0',
    ]);
    expect(shop.ledgers.writes()).toBe(0);
  });
});
