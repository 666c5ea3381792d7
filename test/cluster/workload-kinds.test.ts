import { describe, expect, test } from '@jest/globals';
import type { WorkloadKind } from '../../src/ports.ts';
import type { Pod } from '../../src/rollout/objects.ts';
import { begin, json, status } from './api-server.ts';
import { useServedCluster } from './served-cluster.ts';

const serve = useServedCluster();

const metadata = { name: 'db', uid: 'u', resourceVersion: '7', labels: { team: 'shop' } };
const template = { spec: { containers: [], fieldOfTomorrow: 1 } };
const RAW = {
  statefulset: {
    ...{ metadata, spec: { replicas: 3, template }, status: { updatedReplicas: 1 } },
  },
  daemonset: { metadata, spec: { template }, status: { desiredNumberScheduled: 3, updatedNumberScheduled: 1 } },
};
const REVISION = { metadata, revision: 4, data: { spec: { template: { ...template, $patch: 'replace' } } } };
const KINDS = ['statefulset', 'daemonset'] as const;

function refOf(kind: WorkloadKind) {
  return { kind, namespace: 'shop', name: 'db' };
}

describe.each(KINDS)('a %s', (kind) => {
  const collection = `/apis/apps/v1/namespaces/shop/${kind}s`;
  const shaped = { metadata, spec: { replicas: 3, template }, status: { updatedReplicas: 1 } };

  test('is read and patched in its own place, and comes in the shape of a Deployment', async () => {
    const { cluster, received } = await serve((_, response) => json(response, 200, RAW[kind]));
    expect(await cluster.getWorkload(refOf(kind))).toMatchObject(shaped);
    expect(await cluster.patchWorkload(refOf(kind), [], { dryRun: true })).toMatchObject(shaped);
    expect(received.map(({ path, query }) => [path, query['dryRun']])).toEqual([
      [`${collection}/db`, undefined],
      [`${collection}/db`, 'All'],
    ]);
  });

  test('is followed, its shape in every event', async () => {
    const { cluster, received } = await serve(({ path }, response) => {
      if (path === `${collection}/db`) json(response, 200, RAW[kind]);
      else begin(response, `${JSON.stringify({ type: 'MODIFIED', object: RAW[kind] })}\n`);
    });
    const stop = new AbortController();
    const sets: unknown[] = [];
    for await (const set of cluster.follow({ resource: 'workload', ref: refOf(kind) }, stop.signal))
      if (sets.push(set) === 2) stop.abort();
    expect(sets).toMatchObject([[shaped], [shaped]]);
    expect(received[1]?.query['fieldSelector']).toBe('metadata.name=db');
  });

  test('has ControllerRevisions, in the shape of ReplicaSets', async () => {
    const { cluster, received } = await serve((_, response) =>
      json(response, 200, { items: [REVISION], metadata: { resourceVersion: '9' } }),
    );
    const { items } = await cluster.listRevisions(refOf(kind), 'app=db');
    expect(items.map(({ spec }) => spec)).toEqual([{ template }]);
    expect(items[0]?.metadata).toMatchObject({ annotations: { 'deployment.kubernetes.io/revision': '4' } });
    expect(received[0]?.path).toBe('/apis/apps/v1/namespaces/shop/controllerrevisions');
  });

  test.each([
    ['getWorkload', `${kind} shop/db: forbidden to get`, `resources ["${kind}s"], verbs ["get"]`],
    ['listRevisions', 'controller revisions in shop: forbidden to list', 'resources ["controllerrevisions"]'],
  ] as const)('%s: the missing right is named', async (call, what, rule) => {
    const refusal = status(403, 'Forbidden', 'x is forbidden: User "ci" cannot do that');
    const { cluster } = await serve((_, response) => json(response, 403, refusal));
    const error = await cluster[call](refOf(kind), 'app=db').catch((caught: Error) => caught.message);
    expect(error).toContain(what);
    expect(error).toContain(`apiGroups ["apps"], ${rule}`);
  });
});

describe('deleting a pod', () => {
  const pod: Pod = { metadata: { name: 'db-2', namespace: 'shop', uid: 'p', resourceVersion: '1' } };

  test('is about this very pod', async () => {
    const { cluster, received } = await serve((_, response) => json(response, 200, pod));
    await cluster.deletePod(pod);
    expect(received).toMatchObject([{ method: 'DELETE', path: '/api/v1/namespaces/shop/pods/db-2', query: {} }]);
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject({ kind: 'DeleteOptions', preconditions: { uid: 'p' } });
  });

  test.each([
    ['it is gone', 404, 'NotFound'],
    ['another one has its name', 409, 'Conflict'],
  ])('%s: nothing is left to do', async (_, code, reason) => {
    const { cluster } = await serve((__, response) => json(response, code, status(code, reason, 'no')));
    expect(await cluster.deletePod(pod)).toBeUndefined();
  });

  test('the missing right is named', async () => {
    const refusal = status(403, 'Forbidden', 'x is forbidden: User "ci" cannot do that');
    const { cluster } = await serve((_, response) => json(response, 403, refusal));
    await expect(cluster.deletePod(pod)).rejects.toThrow('resources ["pods"], verbs ["delete"]');
  });
});
