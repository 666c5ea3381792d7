import { describe, expect, test } from '@jest/globals';
import { type Answer, json, status } from './api-server.ts';
import { useServedCluster } from './served-cluster.ts';

const serve = useServedCluster();

describe('events', () => {
  const about = (uid: string) => ({ metadata: { name: `e-${uid}` }, involvedObject: { uid } });

  test('of several objects come from one list', async () => {
    const items = ['a', 'b', 'c', 'a'].map(about);
    const { cluster, received } = await serve((_, response) => json(response, 200, { items, metadata: {} }));
    expect(await cluster.listEvents('shop', ['a', 'c'])).toEqual(['a', 'c', 'a'].map(about));
    expect(received.map(({ path, query }) => ({ path, query }))).toEqual([
      { path: '/api/v1/namespaces/shop/events', query: { limit: '500' } },
    ]);
  });

  test('of one object are selected by the server, and checked', async () => {
    const items = ['a', 'b'].map(about);
    const { cluster, received } = await serve((_, response) => json(response, 200, { items, metadata: {} }));
    expect(await cluster.listEvents('shop', ['a'])).toEqual([about('a')]);
    expect(received[0]?.query).toEqual({ fieldSelector: 'involvedObject.uid=a', limit: '500' });
  });

  test('of a noisy namespace are looked for on four pages, not on more', async () => {
    const { cluster, received } = await serve((_, response, count) =>
      json(response, 200, { items: [about(`${count}`)], metadata: { continue: `after ${count}` } }),
    );
    expect(await cluster.listEvents('shop', ['2', '4', '5'])).toEqual(['2', '4'].map(about));
    expect(received.map(({ query }) => query['continue'])).toEqual([undefined, 'after 1', 'after 2', 'after 3']);
  });

  test('that are none', async () => {
    const { cluster } = await serve((_, response) => json(response, 200, { items: null, metadata: {} }));
    expect(await cluster.listEvents('shop', ['a'])).toEqual([]);
  });

  test('that may not be listed', async () => {
    const words =
      'events is forbidden: User "ci" cannot list resource "events" in API group "" in the namespace "shop"';
    const { cluster } = await serve((_, response) => json(response, 403, status(403, 'Forbidden', words)));
    await expect(cluster.listEvents('shop', ['a'])).rejects.toMatchObject({
      kind: 'forbidden',
      message:
        'events in shop: forbidden to list (user "ci"); add to its Role: apiGroups [""], resources ["events"], verbs ["list"]',
    });
  });
});

describe('a log', () => {
  const log = { pod: 'web-1', container: 'app', previous: false, lines: 2 };
  const text =
    (body: string, code = 200): Answer =>
    (_, response) => {
      response.writeHead(code, { 'content-type': 'text/plain' });
      response.end(body);
    };

  test('is asked for by container, life, and length in lines and bytes', async () => {
    const { cluster, received } = await serve(text('a\nb\n'));
    expect(await cluster.readLog('shop', log)).toEqual(['a', 'b']);
    await cluster.readLog('shop', { ...log, previous: true });
    const query = { container: 'app', tailLines: '2', limitBytes: '262144' };
    expect(received).toMatchObject([
      { method: 'GET', path: '/api/v1/namespaces/shop/pods/web-1/log', query, headers: { accept: '*/*' } },
      { query: { ...query, previous: 'true' } },
    ]);
    expect(received[0]?.query).toEqual(query);
  });

  test.each([
    ['{"msg":"boom"}', ['{"msg":"boom"}']],
    ['a\n\nb\r\n', ['', 'b\r']],
    ['no line end', ['no line end']],
    ['\n', ['']],
    ['', []],
    ['1\n2\n3\n', ['2', '3']],
    ['unable to retrieve container logs for containerd://4fa3', []],
    ['failed to try resolving symlinks in path "/var/log/pods/x/0.log": lstat: no such file\n', []],
  ])('%j', async (body, lines) => {
    const { cluster } = await serve(text(body));
    expect(await cluster.readLog('shop', log)).toEqual(lines);
  });

  test.each([
    ['a life that never was', 400, 'previous terminated container "app" in pod "web-1" not found'],
    ['a container that waits', 400, 'container "app" in pod "web-1" is waiting to start: ContainerCreating'],
    ['a pod that is gone', 404, 'pods "web-1" not found'],
  ])('of %s is empty', async (_, code, message) => {
    const { cluster, received } = await serve((_request, response) =>
      json(response, code, status(code, code === 404 ? 'NotFound' : 'BadRequest', message)),
    );
    expect(await cluster.readLog('shop', log)).toEqual([]);
    expect(received).toHaveLength(1);
  });

  test('that may not be read names the missing rule', async () => {
    const words = 'pods "web-1" is forbidden: User "ci" cannot get resource "pods/log" in API group ""';
    const { cluster } = await serve((_, response) => json(response, 403, status(403, 'Forbidden', words)));
    await expect(cluster.readLog('shop', log)).rejects.toMatchObject({
      kind: 'forbidden',
      message:
        'logs in shop: forbidden to get (user "ci"); add to its Role: apiGroups [""], resources ["pods/log"], verbs ["get"]',
    });
  });

  test('that nobody waits for any more is given up', async () => {
    const stop = new AbortController();
    const { cluster } = await serve(() => stop.abort());
    await expect(cluster.readLog('shop', log, stop.signal)).rejects.toThrow();
  });
});
