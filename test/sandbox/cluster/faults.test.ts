import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import type { Deployment } from '../../../sandbox/cluster/model/workload-objects.ts';
import { type ApiClient, createApiClient, jsonPatch } from './api-client.ts';
import { deploymentManifest, eventually, isRolledOut } from './cluster-fixture.ts';

const web = '/apis/apps/v1/namespaces/shop/deployments/web';

let cluster: EmbeddedCluster;
let api: ApiClient;
beforeAll(async () => {
  cluster = await startCluster({ namespaces: ['shop'] });
  cluster.objects.apply(deploymentManifest('web', '1.0'));
  await eventually(() => isRolledOut(cluster, 'web'));
});
afterAll(() => cluster.stop());
beforeEach(() => {
  api = createApiClient(cluster);
});
afterEach(() => api.close());

test('the next requests that match are answered as told, later ones are served', async () => {
  cluster.beforeRequest(({ verb }) => verb === 'get', { answer: 429, retryAfterSeconds: 2 }, 2);
  const answers = [await api.get(web), await api.get(web), await api.get(web)];
  expect(answers.map(({ code }) => code)).toEqual([429, 429, 200]);
  expect(answers[0]).toMatchObject({
    headers: { 'retry-after': '2' },
    body: { kind: 'Status', reason: 'TooManyRequests' },
  });
});

test('a fault can be called off', async () => {
  const callOff = cluster.beforeRequest(() => true, { answer: 503 });
  callOff();
  expect((await api.get(web)).code).toBe(200);
});

test('a connection can be cut instead of answered', async () => {
  cluster.beforeRequest(({ path }) => path === web, { cut: true });
  await expect(api.get(web)).rejects.toThrow(/socket hang up|ECONNRESET/);
});

test('a request can be held', async () => {
  cluster.beforeRequest(({ path }) => path === web, { delayMs: 50 });
  const begun = performance.now();
  await api.get(web);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(45);
});

test('somebody else can write between a read and the patch that follows', async () => {
  const { body } = await api.get(web);
  cluster.beforeRequest(({ verb }) => verb === 'patch', {
    run: () => void cluster.objects.patch('deployments', 'shop', 'web', { spec: { replicas: 3 } }),
  });
  const patch = [
    { op: 'test', path: '/metadata/generation', value: body.metadata.generation },
    { op: 'replace', path: '/spec/replicas', value: 1 },
  ];
  expect((await api.patch(web, patch, jsonPatch)).code).toBe(422);
  expect(cluster.objects.get<Deployment>('deployments', 'shop', 'web').spec.replicas).toBe(3);
});

test('controllers stand still while paused and catch up after', async () => {
  const { metadata } = await eventually(() => isRolledOut(cluster, 'web'));
  cluster.controllers.pause();
  cluster.objects.patch('deployments', 'shop', 'web', { spec: { replicas: 1 } });
  await sleep(30);
  const later = cluster.objects.get<Deployment>('deployments', 'shop', 'web');
  expect(later.metadata.generation).toBe((metadata.generation ?? 0) + 1);
  expect(later.status.observedGeneration).toBe(metadata.generation);
  cluster.controllers.resume();
  const done = await eventually(() => isRolledOut(cluster, 'web'));
  expect(done.status.replicas).toBe(1);
});

test('every request is on record, with its connection', async () => {
  const before = cluster.requests.length;
  await api.get(`${web}?x=1`);
  await api.patch(web, {});
  const records = cluster.requests.slice(before);
  expect(records).toMatchObject([
    { method: 'GET', verb: 'get', path: web, query: 'x=1', code: 200, user: 'tester', userAgent: 'tester/1' },
    { method: 'PATCH', verb: 'patch', code: 200 },
  ]);
  expect(records[1]?.connection).toBe(records[0]?.connection);
  expect(cluster.requests.filter(({ connection }) => connection === 0)).toEqual([]);
});

test('stop ends the server, open watches and pending timers', async () => {
  const other = await startCluster({ namespaces: ['shop'] });
  other.objects.apply(deploymentManifest('web', '1.0-crash'));
  const client = createApiClient(other);
  const { state } = client.watch('/api/v1/pods?watch=true');
  await eventually(() => (other.watches.count() === 1 ? true : undefined));
  await other.stop();
  await eventually(() => (state.ended ? true : undefined));
  await expect(client.get(web)).rejects.toThrow(/ECONNREFUSED|socket hang up|ECONNRESET/);
  const { length } = other.objects.list('events');
  await sleep(150);
  expect(other.objects.list('events')).toHaveLength(length);
  client.close();
});
