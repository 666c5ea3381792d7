import { expect, test } from '@jest/globals';
import { fitToServe } from '../../src/operations/fit-to-serve.ts';
import type { Deployment } from '../../src/rollout/objects.ts';
import { openTwoColours } from './blue-green-shop.ts';
import { refOf } from './shop.ts';

function withPods(deployment: Deployment, [replicas, availableReplicas]: readonly [number, number]): Deployment {
  return { ...deployment, spec: { ...deployment.spec, replicas }, status: { availableReplicas } };
}

test.each([
  ['as it was', [2, 2], [2, 2], 'fit'],
  ['scaled up, and not there yet', [2, 2], [4, 2], 'fit'],
  ['scaled down', [4, 4], [2, 2], 'fit'],
  ['with pods that were tolerated to fail', [4, 3], [4, 3], 'fit'],
  ['with one less', [4, 4], [4, 3], 'lacking'],
  ['with one less than were tolerated', [4, 3], [4, 2], 'lacking'],
  ['with none, of which none was there', [2, 0], [2, 0], 'lacking'],
  ['without pods', [2, 2], [0, 0], 'changed'],
] as const)('a colour %s', async (_what, seen, now, kind) => {
  const { cluster, services } = await openTwoColours();
  const deployment = cluster.deployment('site-blue');
  cluster.install(withPods(deployment, now), []);
  const service = await services.get({ namespace: 'shop', name: 'web' });
  expect(await fitToServe(cluster, refOf('site-blue'), service, withPods(deployment, seen))).toMatchObject({ kind });
});
