import { describe, expect, test } from '@jest/globals';
import type { Neighbours } from '../../src/rollout/neighbours.ts';
import { json, status } from './api-server.ts';
import { useServedCluster } from './served-cluster.ts';

const serve = useServedCluster();

describe('what stands beside a workload', () => {
  test.each<readonly [keyof Neighbours, string]>([
    ['horizontalpodautoscalers', '/apis/autoscaling/v2/namespaces/a%2Fb/horizontalpodautoscalers'],
    ['poddisruptionbudgets', '/apis/policy/v1/namespaces/a%2Fb/poddisruptionbudgets'],
    ['resourcequotas', '/api/v1/namespaces/a%2Fb/resourcequotas'],
  ])('%s', async (kind, path) => {
    const items = [{ metadata: { name: 'one' } }];
    const { cluster, received } = await serve((_, response) => json(response, 200, { items, metadata: {} }));
    expect(await cluster.listNeighbours(kind, 'a/b')).toEqual(items);
    expect(received).toMatchObject([{ method: 'GET', path }]);
  });

  test('of a kind that the server does not serve is none', async () => {
    const words = 'the server could not find the requested resource';
    const { cluster } = await serve((_, response) => json(response, 404, status(404, 'NotFound', words)));
    expect(await cluster.listNeighbours('poddisruptionbudgets', 'shop')).toEqual([]);
  });

  test('that may not be listed', async () => {
    const words =
      'horizontalpodautoscalers.autoscaling is forbidden: User "ci" cannot list resource "horizontalpodautoscalers"';
    const { cluster } = await serve((_, response) => json(response, 403, status(403, 'Forbidden', words)));
    await expect(cluster.listNeighbours('horizontalpodautoscalers', 'shop')).rejects.toMatchObject({
      kind: 'forbidden',
      message:
        'horizontalpodautoscalers in shop: forbidden to list (user "ci"); add to its Role: ' +
        'apiGroups ["autoscaling"], resources ["horizontalpodautoscalers"], verbs ["list"]',
    });
  });
});
