import { afterEach, expect, test } from '@jest/globals';
import { createClock } from '../../src/clock.ts';
import { createClusterClient } from '../../src/cluster/cluster-client.ts';
import type { Clock, Following } from '../../src/ports.ts';
import { type Answer, begin, json, startApiServer, status } from './api-server.ts';
import { instantClock } from './instant-clock.ts';

const ref = { kind: 'deployment', namespace: 'shop', name: 'web' } as const;
const deployments = '/apis/apps/v1/namespaces/shop/deployments';
const web = (version: string) => ({ metadata: { name: 'web', uid: 'u', resourceVersion: version } });
const silent = { info: () => undefined, warn: () => undefined, debug: () => undefined };
const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

async function serve(answer: Answer, clock: Clock = instantClock()) {
  const server = await startApiServer(answer);
  const client = createClusterClient({ access: server.access, clock, log: silent, version: '0' });
  endings.push(client.close, server.close);
  return { received: server.received, cluster: client.cluster };
}

/** Follows until `count` sets were seen; the sets by the versions of their objects. */
async function firstSets(cluster: Awaited<ReturnType<typeof serve>>['cluster'], following: Following, count: number) {
  const stop = new AbortController();
  const sets: string[][] = [];
  for await (const set of cluster.follow(following, stop.signal)) {
    sets.push(set.map(({ metadata }) => metadata.resourceVersion));
    if (sets.length === count) stop.abort();
  }
  return sets;
}

test('a Deployment is read and patched as raw JSON', async () => {
  const { cluster, received } = await serve((_, response) => json(response, 200, { ...web('7'), unknown: [1] }));
  expect(await cluster.getWorkload(ref)).toEqual({ ...web('7'), unknown: [1] });
  const patch = [{ op: 'test', path: '/metadata/generation', value: 4 }] as const;
  expect(await cluster.patchWorkload(ref, patch)).toEqual({ ...web('7'), unknown: [1] });
  await cluster.patchWorkload(ref, patch, { dryRun: true });
  expect(received.map(({ method, path, query, body }) => ({ method, path, query, body }))).toEqual([
    { method: 'GET', path: `${deployments}/web`, query: {}, body: '' },
    { method: 'PATCH', path: `${deployments}/web`, query: { fieldManager: 'rollkey' }, body: JSON.stringify(patch) },
    {
      method: 'PATCH',
      path: `${deployments}/web`,
      query: { dryRun: 'All', fieldManager: 'rollkey' },
      body: JSON.stringify(patch),
    },
  ]);
});

test.each([
  ['its namespace, where that is missing', 404, 'namespace shop: not found; check its name and namespace'],
  ['itself, where the namespace is there', 200, 'deployment shop/web: not found; check its name and namespace'],
  [
    'itself, without the right to see the namespace',
    403,
    'deployment shop/web: not found; check its name and namespace',
  ],
])('a missing Deployment is reported as %s', async (_, code, message) => {
  const { cluster } = await serve(({ path }, response) => {
    if (path === '/api/v1/namespaces/shop') json(response, code, status(code, '', 'about the namespace'));
    else json(response, 404, status(404, 'NotFound', 'deployments.apps "web" not found'));
  });
  await expect(cluster.getWorkload(ref)).rejects.toMatchObject({ kind: 'not-found', message });
});

test.each([
  [200, 'yes'],
  [404, 'no'],
  [403, 'unknown'],
] as const)('an object is looked for without its content: %i means %s', async (code, answer) => {
  const { cluster, received } = await serve((_, response) => json(response, code, status(code, '', '')));
  expect(await cluster.exists('secrets', 'shop', 'db')).toBe(answer);
  expect(received).toMatchObject([
    {
      method: 'GET',
      path: '/api/v1/namespaces/shop/secrets/db',
      headers: { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' },
    },
  ]);
});

test('a list without items is an empty one', async () => {
  const { cluster, received } = await serve((_, response) =>
    json(response, 200, { items: null, metadata: { resourceVersion: '9' } }),
  );
  expect(await cluster.listRevisions(ref, 'app in (a,b)')).toEqual({ items: [], resourceVersion: '9' });
  expect(received[0]?.query).toEqual({ labelSelector: 'app in (a,b)' });
});

test('one Deployment is followed with get and watch alone, also through its deletion', async () => {
  const { cluster, received } = await serve(({ path, query }, response, count) => {
    if (path !== deployments) json(response, 200, web('7'));
    else if (count === 2) begin(response, `${JSON.stringify({ type: 'DELETED', object: web('8') })}\n`);
    else json(response, 500, query);
  });
  expect(await firstSets(cluster, { resource: 'workload', ref }, 2)).toEqual([['7'], []]);
  expect(received.map(({ path, query }) => ({ path, query }))).toEqual([
    { path: `${deployments}/web`, query: {} },
    {
      path: deployments,
      query: {
        fieldSelector: 'metadata.name=web',
        watch: 'true',
        allowWatchBookmarks: 'true',
        timeoutSeconds: '300',
        resourceVersion: '7',
      },
    },
  ]);
});

test('pods are followed with one watch and no list', async () => {
  const { cluster, received } = await serve(
    (_, response) => begin(response, `${JSON.stringify({ type: 'ADDED', object: web('3') })}\n`),
    createClock(),
  );
  expect(await firstSets(cluster, { resource: 'pods', namespace: 'shop', labelSelector: 'a=b' }, 1)).toEqual([['3']]);
  expect(received.map(({ path, query }) => [path, query['labelSelector'], query['resourceVersion']])).toEqual([
    ['/api/v1/namespaces/shop/pods', 'a=b', undefined],
  ]);
});

test('a watch that the server refuses with 410 is begun again from a list', async () => {
  const { cluster } = await serve(({ query }, response, count) => {
    if (query['watch'] === undefined)
      json(response, 200, { items: [web(`${count}`)], metadata: { resourceVersion: '90' } });
    else json(response, 410, status(410, 'Expired', 'too old resource version'));
  });
  const following = { resource: 'revisions', ref, labelSelector: 'a=b' } as const;
  expect(await firstSets(cluster, following, 2)).toEqual([['1'], ['3']]);
});
