import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import { type ApiClient, applyPatch, createApiClient, jsonPatch, strategicMergePatch } from './api-client.ts';
import { deploymentManifest } from './cluster-fixture.ts';

const deployments = '/apis/apps/v1/namespaces/shop/deployments';
const configMaps = '/api/v1/namespaces/shop/configmaps';

let cluster: EmbeddedCluster;
let api: ApiClient;
beforeAll(async () => {
  cluster = await startCluster({ namespaces: ['shop'] });
  cluster.controllers.pause();
});
afterAll(() => cluster.stop());
beforeEach(() => {
  api = createApiClient(cluster);
});
afterEach(() => api.close());

let names = 0;
const named = () => {
  names += 1;
  return names;
};
const create = async (name: string) => (await api.post(deployments, deploymentManifest(name, '1.0'))).body;

describe('writing', () => {
  test('creates with identity, defaults and the first generation', async () => {
    const { code, body } = await api.post(deployments, deploymentManifest('defaults', '1.0'));
    expect(code).toBe(201);
    expect(body.metadata).toMatchObject({
      generation: 1,
      uid: expect.any(String),
      creationTimestamp: expect.any(String),
    });
    expect(body.spec).toMatchObject({
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    });
    expect(body.spec.template.spec).toEqual({
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
      containers: [
        {
          name: 'web',
          image: 'rollkey.test/web:1.0',
          imagePullPolicy: 'IfNotPresent',
          resources: {},
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
        },
      ],
    });
  });

  test.each([
    { change: { spec: { replicas: 5 } }, raises: true },
    { change: { metadata: { annotations: { note: 'x' } } }, raises: true },
    { change: { metadata: { labels: { tier: 'web' } } }, raises: false },
    { change: { spec: { replicas: 2 } }, raises: false },
    { change: { status: { replicas: 9 } }, raises: false },
  ])('$change raises the generation: $raises', async ({ change, raises }) => {
    const name = `generation-${named()}`;
    await create(name);
    const { body } = await api.patch(`${deployments}/${name}`, change);
    expect(body.metadata.generation).toBe(raises ? 2 : 1);
    expect(body.status).toEqual({});
  });

  test('a write that changes nothing keeps the resourceVersion', async () => {
    const { metadata } = await create('unchanged');
    const { body } = await api.patch(`${deployments}/unchanged`, { metadata: { annotations: metadata.annotations } });
    expect(body.metadata.resourceVersion).toBe(metadata.resourceVersion);
  });

  test('a stale resourceVersion is a conflict, a current one is not', async () => {
    const first = await create('stale');
    await api.patch(`${deployments}/stale`, { spec: { replicas: 3 } });
    const refused = await api.put(`${deployments}/stale`, first);
    expect(refused).toMatchObject({
      code: 409,
      body: {
        reason: 'Conflict',
        message:
          'Operation cannot be fulfilled on deployments.apps "stale": the object has been modified; please apply your changes to the latest version and try again',
      },
    });
    const { body: current } = await api.get(`${deployments}/stale`);
    expect((await api.put(`${deployments}/stale`, current)).code).toBe(200);
  });

  test.each([
    { path: '/metadata/uid', value: 'another' },
    { path: '/metadata/generation', value: 7 },
    { path: '/spec/template/spec/containers/0/name', value: 'other' },
  ])('a JSON patch whose test of $path fails answers 422 and changes nothing', async ({ path, value }) => {
    const name = `tested${path.length}`;
    await create(name);
    const patch = [
      { op: 'test', path, value },
      { op: 'replace', path: '/spec/replicas', value: 9 },
    ];
    const answer = await api.patch(`${deployments}/${name}`, patch, jsonPatch);
    expect(answer).toMatchObject({
      code: 422,
      body: { reason: 'Invalid', message: 'the server rejected our request due to an error in our request' },
    });
    expect((await api.get(`${deployments}/${name}`)).body.spec.replicas).toBe(2);
  });

  test('dryRun=All answers as if and stores nothing', async () => {
    await create('dry');
    const patched = await api.patch(`${deployments}/dry?dryRun=All`, { spec: { replicas: 7 } });
    expect(patched.body).toMatchObject({ spec: { replicas: 7 }, metadata: { generation: 2 } });
    await api.delete(`${deployments}/dry?dryRun=All`);
    await api.post(`${configMaps}?dryRun=All`, { metadata: { name: 'dry' } });
    expect((await api.get(`${deployments}/dry`)).body.spec.replicas).toBe(2);
    expect((await api.get(`${configMaps}/dry`)).code).toBe(404);
  });

  test.each([
    { manager: 'fieldManager=robot', as: 'robot' },
    { manager: '', as: 'tester' },
  ])('the writer "$manager" is recorded as $as with its fields', async ({ manager, as }) => {
    const name = `managed-${as}`;
    await create(name);
    const { body } = await api.patch(`${deployments}/${name}?${manager}`, { spec: { replicas: 4 } });
    const entry = body.metadata.managedFields.at(-1);
    expect(entry).toMatchObject({ manager: as, operation: 'Update', fieldsV1: { 'f:spec': { 'f:replicas': {} } } });
  });

  test('a strategic merge patch changes the named container and leaves the others', async () => {
    await create('merged');
    const containers = [{ name: 'side', image: 'side:1' }];
    await api.patch(`${deployments}/merged`, { spec: { template: { spec: { containers } } } }, strategicMergePatch);
    const image = { spec: { template: { spec: { containers: [{ name: 'web', image: 'web:2' }] } } } };
    const { body } = await api.patch(`${deployments}/merged`, image, strategicMergePatch);
    const images = body.spec.template.spec.containers.map((container: { image: string }) => container.image);
    expect(images).toEqual(['web:2', 'side:1']);
  });

  test('the scale subresource changes only the size', async () => {
    await create('scaled');
    const { body: scale } = await api.get(`${deployments}/scaled/scale`);
    expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 2 } });
    await api.put(`${deployments}/scaled/scale`, { ...scale, spec: { replicas: 6 } });
    expect((await api.get(`${deployments}/scaled`)).body.spec.replicas).toBe(6);
  });
});

describe('server-side apply', () => {
  const config = (name: string, spec: object) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec,
  });

  test('refuses another manager’s field unless forced, and says whose it is', async () => {
    await create('owned');
    const wanted = config('owned', { replicas: 8 });
    const refused = await api.patch(`${deployments}/owned?fieldManager=applier`, wanted, applyPatch);
    expect(refused).toMatchObject({
      code: 409,
      body: {
        message: 'Apply failed with 1 conflict: conflict with "tester" using apps/v1: .spec.replicas',
        details: { causes: [{ reason: 'FieldManagerConflict', field: '.spec.replicas' }] },
      },
    });
    const forced = await api.patch(`${deployments}/owned?fieldManager=applier&force=true`, wanted, applyPatch);
    expect(forced.body.spec.replicas).toBe(8);
  });

  test('creates what is missing and removes what is no longer applied', async () => {
    const labelled = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied' }, data: { a: '1', b: '2' } };
    const first = await api.patch(`${configMaps}/applied?fieldManager=applier`, labelled, applyPatch);
    expect(first.code).toBe(201);
    await api.patch(`${configMaps}/applied`, { data: { c: '3' } });
    const less = { ...labelled, data: { a: '1' } };
    const { body } = await api.patch(`${configMaps}/applied?fieldManager=applier`, less, applyPatch);
    expect(body.data).toEqual({ a: '1', c: '3' });
  });
});

describe('refusals', () => {
  test.each([
    ['GET', `${deployments}/none`, undefined, 404, 'deployments.apps "none" not found'],
    [
      'GET',
      '/apis/apps/v1/namespaces/shop/widgets',
      undefined,
      404,
      'the server could not find the requested resource',
    ],
    [
      'POST',
      '/apis/apps/v1/namespaces/none/deployments',
      deploymentManifest('x', '1'),
      400,
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    ['POST', '/api/v1/namespaces/none/configmaps', { metadata: { name: 'x' } }, 404, 'namespaces "none" not found'],
    [
      'POST',
      configMaps,
      { metadata: { name: 'x' }, data: { a: 1 } },
      400,
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field data of type string',
    ],
    [
      'POST',
      `${deployments}?fieldValidation=Strict`,
      deploymentManifest('x', '1', { foo: 1 }),
      400,
      'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.foo"',
    ],
    [
      'POST',
      deployments,
      deploymentManifest('x', '1', { selector: { matchLabels: { app: 'y' } } }),
      422,
      'Deployment.apps "x" is invalid: spec.template.metadata.labels: Invalid value: {"app":"x"}: `selector` does not match template `labels`',
    ],
  ])('%s %s', async (method, path, body, code, message) => {
    const answer = method === 'GET' ? await api.get(path) : await api.post(path, body);
    expect({ code: answer.code, message: answer.body.message }).toEqual({ code, message });
  });

  test('a name that is taken', async () => {
    await create('twice');
    const { code, body } = await api.post(deployments, deploymentManifest('twice', '1.0'));
    expect([code, body.message]).toEqual([409, 'deployments.apps "twice" already exists']);
  });

  test('a selector that changes', async () => {
    await create('selected');
    const { code, body } = await api.patch(`${deployments}/selected`, {
      spec: { selector: { matchLabels: { x: 'y' } } },
    });
    expect(code).toBe(422);
    expect(body.details.causes.at(-1)).toMatchObject({ field: 'spec.selector' });
  });
});

describe('unknown template fields', () => {
  const withField = deploymentManifest('future', '1.0');
  const template = (withField['spec'] as { template: { spec: object } }).template;
  const manifest = deploymentManifest('future', '1.0', {
    template: { ...template, spec: { ...template.spec, brandNewField: { deep: [1] } } },
  });

  test.each([
    { extraFields: [], kept: undefined },
    { extraFields: ['brandNewField'], kept: { deep: [1] } },
  ])('with extraFields $extraFields', async ({ extraFields, kept }) => {
    const other = await startCluster({ namespaces: ['shop'], extraFields });
    const client = createApiClient(other);
    const { body } = await client.post(deployments, manifest);
    expect(body.spec.template.spec.brandNewField).toEqual(kept);
    client.close();
    await other.stop();
  });
});

describe('reading', () => {
  test('lists by label and field, page by page', async () => {
    for (const name of ['a', 'b', 'c'])
      await api.post(configMaps, { metadata: { name: `list-${name}`, labels: { set: 'list', is: name } } });
    const names = async (query: string) => {
      const { body } = await api.get(`${configMaps}?${query}`);
      return body.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name);
    };
    expect(await names('labelSelector=set=list,is!=b')).toEqual(['list-a', 'list-c']);
    expect(await names('labelSelector=is%20in%20(a,b)')).toEqual(['list-a', 'list-b']);
    expect(await names('fieldSelector=metadata.name=list-c')).toEqual(['list-c']);
    const { body: page } = await api.get(`${configMaps}?labelSelector=set=list&limit=2`);
    expect(page.items).toHaveLength(2);
    expect(await names(`labelSelector=set=list&limit=2&continue=${page.metadata.continue}`)).toEqual(['list-c']);
  });
});
