import { describe, expect, test } from '@jest/globals';
import { ClusterError } from '../../src/errors.ts';
import { plan } from '../../src/operations/plan.ts';
import { imageOf, openShop, request, V10, V11, withImage } from './shop.ts';

const forbidden = new ClusterError('forbidden', 'deployment shop/web: forbidden to patch; add to its Role: …');
const wanted = request('1.2', { images: 'app=web:1.2' });

describe('plan', () => {
  test('says what would happen, with the difference that the API server answers, and touches nothing', async () => {
    const shop = openShop(['web'], [V10, V11]);
    const before = shop.cluster.deployment('web');
    const result = await plan(shop, wanted);
    expect(result).toMatchObject({ outcome: 'planned', mode: 'deploy', versionChange: 'minor', changed: false });
    expect(result.workloads[0]).toMatchObject({
      message: 'deployment/web: would deploy 1.2 over 1.1',
      imageChanges: [{ container: 'app', from: 'web:1.1', to: 'web:1.2' }],
      warnings: [],
    });
    const lines = result.workloads[0]?.templateDiff.map((line) => line.replace(/ +/, ' ')) ?? [];
    expect(lines).toEqual(expect.arrayContaining(['- - image: web:1.1', '+ - image: web:1.2']));
    expect(shop.cluster.deployment('web')).toBe(before);
    expect(shop.ledgers.writes()).toBe(0);
  });

  test.each([
    ['1.0', 'rollback', 'deployment/web: would roll back from 1.1 to 1.0'],
    ['1.1', 'redeploy', 'deployment/web: would restart 1.1'],
  ])('%s is a %s', async (release, mode, message) => {
    const result = await plan(openShop(['web'], [V10, V11]), request(release));
    expect(result).toMatchObject({ mode, message });
  });

  test('the same bits under another name: nothing would roll', async () => {
    const result = await plan(openShop(['web'], [V10]), request('1.0-b', { images: 'app=web:1.0' }));
    expect(result).toMatchObject({ outcome: 'planned', message: 'deployment/web: has the template of 1.0-b already' });
  });

  test('without the right to patch the difference is our own, and a warning says so', async () => {
    const shop = openShop(['web'], [V10, V11]);
    shop.cluster.faults.at('rehearse', forbidden);
    const { outcome, workloads } = await plan(shop, wanted);
    expect(outcome).toBe('planned');
    expect(workloads[0]?.templateDiff.length).toBeGreaterThan(0);
    expect(workloads[0]?.warnings).toEqual([
      'deployment shop/web: forbidden to patch; add to its Role: …; the API server was not asked, so admission may still refuse or change this',
    ]);
  });

  test('what admission refuses is refused', async () => {
    const shop = openShop();
    const rejected = new ClusterError('rejected', 'deployment shop/web: policy says no');
    shop.cluster.faults.at('rehearse', rejected);
    await expect(plan(shop, wanted)).rejects.toBe(rejected);
  });

  test('changed meanwhile: superseded', async () => {
    const shop = openShop();
    shop.cluster.faults.at('rehearse', () => shop.cluster.change('web', (each) => withImage(each, 'web:9')));
    expect((await plan(shop, wanted)).outcome).toBe('superseded');
    expect(imageOf(shop.cluster.deployment('web'))).toBe('web:9');
  });
});
