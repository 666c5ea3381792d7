import { afterAll, describe, expect, test } from '@jest/globals';
import { createApiClient } from '../../../sandbox/desk/api-client.ts';
import { openCheckpoint } from '../../../sandbox/desk/checkpoint.ts';
import { openDesk } from '../../../sandbox/desk/desk.ts';
import { startEmbeddedTestCluster } from '../../../sandbox/desk/embedded-test-cluster.ts';
import { webImage } from '../../../sandbox/desk/test-cluster.ts';

const cluster = await startEmbeddedTestCluster();
const desk = await openDesk(cluster, 'desk');

afterAll(async () => {
  await desk.close();
  await cluster.stop();
});

describe('a checkpoint', () => {
  test('lets what it meets happen before the request goes on, and changes nothing of the request', async () => {
    await desk.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'met' }, data: { times: '0' } });
    const path = `/api/v1/namespaces/${desk.namespace}/configmaps/met`;
    const { access, close } = await openCheckpoint(cluster.admin, async (passing) => {
      expect(passing).toEqual({ method: 'GET', path, query: 'pretty=true', body: '' });
      await desk.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'met' }, data: { times: '1' } });
    });
    const api = createApiClient(access);
    const met = await api.json<{ data: object }>({ path: `${path}?pretty=true` });
    expect(met.data).toEqual({ times: '1' });
    api.close();
    await close();
  });
});

describe('by hand', () => {
  test('an undo drops foreign annotations and restores the change-cause, as kubectl’s does', async () => {
    await desk.install({ image: webImage('1.0'), annotations: { 'kubernetes.io/change-cause': '1.0' } });
    await desk.byHand.setImage('web', webImage('1.1'));
    await desk.byHand.annotate('web', { 'kubernetes.io/change-cause': '1.1', 'example.com/ticket': 'T-1' });
    await desk.complete();
    await desk.byHand.undo('web');
    const { metadata, spec } = await desk.complete();
    expect(metadata.annotations).toMatchObject({ 'kubernetes.io/change-cause': '1.0' });
    expect(metadata.annotations).not.toHaveProperty(['example.com/ticket']);
    expect(spec.template.spec.containers[0]?.image).toBe(webImage('1.0'));
    expect(metadata.managedFields?.map(({ manager }) => manager)).toContain('kubectl');
  });
});

describe('somebody with a rule', () => {
  test('may do that and nothing else', async () => {
    const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }];
    const { users } = JSON.parse(await desk.kubeconfigFor(rules));
    const api = createApiClient({ ...cluster.admin, credentials: { token: users[0].user.token } });
    const status = async (resource: string) =>
      (await api.send({ path: `/api/v1/namespaces/${desk.namespace}/${resource}` })).status;
    expect([await status('configmaps'), await status('secrets')]).toEqual([200, 403]);
    api.close();
  });
});
