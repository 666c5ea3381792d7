import { connect } from 'node:http2';
import { get } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { type ApiAccess, type ApiClient, connectOptions, createApiClient } from '../../../sandbox/desk/api-client.ts';
import { openWatchCutter } from '../../../sandbox/desk/checkpoint.ts';
import { openDesk } from '../../../sandbox/desk/desk.ts';
import { startEmbeddedTestCluster } from '../../../sandbox/desk/embedded-test-cluster.ts';
import { eventually } from '../../../sandbox/desk/eventually.ts';
import type { FaultKind } from '../../../sandbox/desk/fault-plan.ts';
import { openFaultyFront } from '../../../sandbox/desk/faulty-front.ts';
import { type Front, openFront } from '../../../sandbox/desk/front.ts';

const cluster = await startEmbeddedTestCluster();
const desk = await openDesk(cluster, 'front');
const maps = `/api/v1/namespaces/${desk.namespace}/configmaps`;
const open: { close: () => unknown }[] = [];

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});
afterAll(async () => {
  await desk.close();
  await cluster.stop();
});

async function opened<T extends Front>(opening: Promise<T>): Promise<T & { readonly api: ApiClient }> {
  const front = await opening;
  const api = createApiClient(front.access);
  open.push(front, api);
  return { ...front, api };
}

/** A front with one fault of a kind, at the very first request. */
const withOne = (kind: FaultKind, most = 1) =>
  opened(openFaultyFront(cluster.admin, { seed: 1, kinds: [kind], rate: 1, most, latencyMs: 200, silenceMs: 300 }));

/** Lines of a watch, as they come, and whether it has ended. */
function watch(access: ApiAccess): { readonly lines: string[]; readonly ended: () => boolean } {
  const lines: string[] = [];
  let over = false;
  const sent = get(`${access.server}${maps}?watch=true`, { ...connectOptions(access), agent: false }, (answer) => {
    answer.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
    answer.on('close', () => {
      over = true;
    });
    answer.on('error', () => {});
  });
  sent.on('error', () => {
    over = true;
  });
  open.push({ close: () => sent.destroy() });
  return { lines, ended: () => over };
}

const put = (name: string) => desk.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } });

describe('a front', () => {
  test('passes requests on over HTTP/2 as over HTTP/1.1', async () => {
    await put('seen');
    const { access, api } = await opened(openFront(cluster.admin, () => 'pass'));
    const byOne = await api.json({ path: `${maps}/seen` });
    const session = connect(access.server, { ca: access.ca });
    const { headers } = connectOptions(access);
    const stream = session.request({ ':path': `${maps}/seen`, ...(headers as Record<string, string>) });
    const chunks = await stream.toArray();
    session.close();
    expect(JSON.parse(Buffer.concat(chunks).toString())).toEqual(byOne);
    expect(session.alpnProtocol).toBe('h2');
  });

  test('lets a watch through event by event, and breaks it when told', async () => {
    const { access, cutWatches } = await opened(openFront(cluster.admin, () => 'pass'));
    const { lines, ended } = watch(access);
    await put('event');
    await eventually('the event', async () => lines.join('').includes('"name":"event"'));
    expect(ended()).toBe(false);
    cutWatches();
    await eventually('the end', async () => ended());
  });

  test('breaks two watches on one connection at once', async () => {
    const { access, cutWatches } = await opened(openFront(cluster.admin, () => 'pass'));
    const session = connect(access.server, { ca: access.ca });
    let [heard, ended] = [0, 0];
    session.on('error', () => {});
    for (const _watch of [1, 2]) {
      const { headers } = connectOptions(access);
      const stream = session.request({ ':path': `${maps}?watch=true`, ...(headers as Record<string, string>) });
      stream.on('error', () => {}).on('close', () => ++ended);
      stream.once('response', () => ++heard).resume();
    }
    await eventually('both watches', async () => heard === 2);
    cutWatches();
    await eventually('the end of both', async () => ended === 2);
  });

  test('breaks watches every so often', async () => {
    const { access } = await opened(openWatchCutter(cluster.admin, 50));
    const { ended } = watch(access);
    await eventually('the end', async () => ended());
  });

  test('says nothing while it is silent, and everything after', async () => {
    const { access, silence } = await opened(openFront(cluster.admin, () => 'pass'));
    const { lines } = watch(access);
    await put('before');
    await eventually('the first event', async () => lines.join('').includes('"name":"before"'));
    silence(400);
    await put('meanwhile');
    await pause(200);
    expect(lines.join('')).not.toContain('"name":"meanwhile"');
    await eventually('the second event', async () => lines.join('').includes('"name":"meanwhile"'));
  });
});

describe('a fault', () => {
  test.each([
    ['too-many', 429],
    ['internal', 500],
    ['unavailable', 503],
  ] as const)('%s: %d, then all is well', async (kind, status) => {
    const { api, happened } = await withOne(kind);
    expect([(await api.send({ path: maps })).status, (await api.send({ path: maps })).status]).toEqual([status, 200]);
    expect(happened).toEqual([`${kind}: GET ${maps}`]);
  });

  test('gone: 410 for a watch; nothing has happened to what is none', async () => {
    const { api, happened } = await withOne('gone', 2);
    expect((await api.send({ path: maps })).status).toBe(200);
    expect(happened).toEqual([]);
    expect((await api.send({ path: `${maps}?watch=true` })).status).toBe(410);
    expect(happened).toEqual([`gone: GET ${maps} (watch)`]);
  });

  test.each([
    ['reset', 404],
    ['lost-answer', 200],
  ] as const)('%s: no answer to a write; looking for it then gives %d', async (kind, status) => {
    const { api } = await withOne(kind);
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: kind } };
    await expect(api.send({ method: 'POST', path: maps, body })).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect((await api.send({ path: `${maps}/${kind}` })).status).toBe(status);
  });

  test.each([
    ['latency', 200],
    ['silence', 300],
  ] as const)('%s: the answer takes %d ms', async (kind, ms) => {
    const { api } = await withOne(kind);
    const begun = performance.now();
    expect((await api.send({ path: maps })).status).toBe(200);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(ms - 10);
  });

  test('cut-watches: the watches that run end, the request itself is answered', async () => {
    const { api, access } = await opened(
      openFaultyFront(cluster.admin, { seed: 1, kinds: ['cut-watches'], rate: 1, most: 2 }),
    );
    const { ended } = watch(access);
    await pause(100);
    expect((await api.send({ path: maps })).status).toBe(200);
    await eventually('the end', async () => ended());
  });
});
