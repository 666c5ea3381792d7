import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import { type ApiClient, createApiClient, type WatchLine } from './api-client.ts';
import { eventually } from './cluster-fixture.ts';

const configMaps = '/api/v1/namespaces/shop/configmaps';

let cluster: EmbeddedCluster;
let api: ApiClient;
let watch: ReturnType<ApiClient['watch']> | undefined;

beforeAll(async () => {
  cluster = await startCluster({ namespaces: ['shop', 'other'], timeScale: 10 });
});
afterAll(() => cluster.stop());
beforeEach(() => {
  api = createApiClient(cluster);
});
afterEach(async () => {
  watch?.close();
  api.close();
  await eventually(() => (cluster.watches.count() === 0 ? true : undefined));
  cluster.watches.silence(false);
});

const put = (name: string, fields: object = {}, namespace = 'shop') =>
  cluster.objects.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, ...fields } });
const now = async (): Promise<string> => (await api.get(configMaps)).body.metadata.resourceVersion;
const open = async (query: string, path = configMaps) => {
  watch = api.watch(`${path}?watch=true&${query}`);
  await eventually(() => (cluster.watches.count() === 1 || watch?.state.ended ? true : undefined));
  return watch;
};
const summary = (lines: readonly WatchLine[]) => lines.map(({ type, object }) => `${type} ${object.metadata?.name}`);
const after = (lines: readonly WatchLine[], count: number) =>
  eventually(() => (lines.length >= count ? summary(lines) : undefined));

test('tells what happened after a resourceVersion, in order, in one namespace', async () => {
  const from = await now();
  put('early');
  const { lines } = await open(`resourceVersion=${from}`);
  put('foreign', {}, 'other');
  put('early', { labels: { changed: 'yes' } });
  cluster.objects.delete('configMaps', 'shop', 'early');
  expect(await after(lines, 3)).toEqual(['ADDED early', 'MODIFIED early', 'DELETED early']);
});

test('without a resourceVersion begins with what there is', async () => {
  put('present');
  const { lines } = await open('fieldSelector=metadata.name=present');
  expect(await after(lines, 1)).toEqual(['ADDED present']);
});

test('an object that begins or ceases to match a selector is added or deleted', async () => {
  const { lines } = await open(`resourceVersion=${await now()}&labelSelector=tier=front`);
  put('moving');
  put('moving', { labels: { tier: 'front' } });
  put('moving', { labels: { tier: 'back' } });
  expect(await after(lines, 2)).toEqual(['ADDED moving', 'DELETED moving']);
});

test('bookmarks come where they are allowed, and only there', async () => {
  const { lines } = await open(`resourceVersion=${await now()}&allowWatchBookmarks=true`);
  const [bookmark] = await eventually(() => (lines.length > 0 ? lines : undefined));
  expect(bookmark).toMatchObject({
    type: 'BOOKMARK',
    object: { kind: 'ConfigMap', metadata: { resourceVersion: expect.any(String) } },
  });
});

test('a streamed list ends with a marked bookmark', async () => {
  put('listed');
  const query =
    'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&fieldSelector=metadata.name=listed';
  const { lines } = await open(query);
  expect(await after(lines, 2)).toEqual(['ADDED listed', 'BOOKMARK undefined']);
  expect(lines[1]?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
});

test('ends by itself after timeoutSeconds of cluster time', async () => {
  const { state } = await open(`resourceVersion=${await now()}&timeoutSeconds=1`);
  await eventually(() => (state.ended ? true : undefined));
});

describe('a test can', () => {
  test('compact history, so that an older watch gets 410 in its stream', async () => {
    const from = await now();
    put('forgotten');
    cluster.compact();
    const { lines, state } = await open(`resourceVersion=${from}`);
    await eventually(() => (state.ended ? true : undefined));
    expect(lines).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired', kind: 'Status' } }]);
  });

  test('expire the watches that are open', async () => {
    const { lines, state } = await open(`resourceVersion=${await now()}`);
    cluster.watches.expireAll();
    await eventually(() => (state.ended ? true : undefined));
    expect(lines).toMatchObject([{ type: 'ERROR', object: { code: 410 } }]);
  });

  test('close them without a word', async () => {
    const { lines, state } = await open(`resourceVersion=${await now()}`);
    cluster.watches.closeAll();
    await eventually(() => (state.ended ? true : undefined));
    expect(lines).toEqual([]);
  });

  test('silence them, so that only asking again helps', async () => {
    const { lines, state } = await open(`resourceVersion=${await now()}`);
    cluster.watches.silence(true);
    put('unheard');
    await sleep(30);
    expect({ lines, ended: state.ended }).toEqual({ lines: [], ended: false });
    expect((await api.get(`${configMaps}/unheard`)).code).toBe(200);
  });
});
