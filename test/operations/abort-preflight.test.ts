import { afterAll, afterEach, expect, test } from '@jest/globals';
import { roll } from '../../src/operations/roll.ts';
import { abort, type CanaryGround, canary, openCanaryGround } from './canary-ground.ts';
import { request } from './shop.ts';

const ground: CanaryGround = await openCanaryGround();
afterAll(() => ground.close());
afterEach(() => ground.clear());

const needy = {
  template: {
    metadata: { labels: { app: 'web' } },
    spec: {
      containers: [{ name: 'web', image: 'rollkey.test/web:1.0' }],
      volumes: [{ name: 'settings', configMap: { name: 'settings' } }],
    },
  },
};
const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' }, data: {} };

test.each([
  ['abort/', abort()],
  ['a rollback by name', request('1.0', { requested: 'rollback' })],
])('a ConfigMap that is gone keeps no canary there: %s warns, and takes it back', async (_, wanted) => {
  ground.cluster.objects.apply(settings as never);
  await ground.install('web', 2, needy);
  expect(await roll(ground.ports, canary('1.1'))).toMatchObject({ reasonCode: 'canary-held' });
  ground.cluster.objects.delete('configMaps', 'shop', 'settings');
  const { workloads } = await roll(ground.ports, wanted);
  expect(ground.pods()).toEqual({ '1.0': 2 });
  expect(workloads[0]?.warnings.join()).toContain('its old template names ConfigMap shop/settings, which is gone');
});

test('nor does a GitOps controller that was allowed to drift when it began', async () => {
  await ground.install('web', 2);
  const labels = { 'kustomize.toolkit.fluxcd.io/name': 'shop' };
  ground.cluster.objects.patch('deployments', 'shop', 'web', { metadata: { labels } });
  expect(await roll(ground.ports, canary('1.1', [{ pods: 1 }], { allowGitopsDrift: true }))).toMatchObject({
    reasonCode: 'canary-held',
  });
  const { outcome, workloads } = await roll(ground.ports, abort());
  expect([outcome, ground.pods()]).toEqual(['aborted', { '1.0': 2 }]);
  expect(workloads[0]?.warnings.join()).toContain('is managed by Flux');
});
