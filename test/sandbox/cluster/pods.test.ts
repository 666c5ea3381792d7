import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import type { KubeObject } from '../../../sandbox/cluster/model/kubernetes-objects.ts';
import type { ContainerStatus, Pod } from '../../../sandbox/cluster/model/workload-objects.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { deploymentManifest, eventually, imageOf, isRolledOut } from './cluster-fixture.ts';

let cluster: EmbeddedCluster;
let api: ApiClient;
let watch: ReturnType<ApiClient['watch']>;
let name: string;
let count = 0;
beforeAll(async () => {
  cluster = await startCluster({ namespaces: ['shop'] });
});
afterAll(() => cluster.stop());
beforeEach(() => {
  api = createApiClient(cluster);
  count += 1;
  name = `web${count}`;
  watch = api.watch(`/api/v1/namespaces/shop/pods?watch=true&labelSelector=app=${name}`);
});
afterEach(() => {
  watch.close();
  api.close();
  cluster.objects.delete('deployments', 'shop', name);
});

const container = (fields: object) => ({
  replicas: 1,
  template: {
    metadata: { labels: { app: name } },
    spec: { containers: [{ name: 'web', image: imageOf('1.0'), ...fields }] },
  },
});
const run = (fields: object) => cluster.objects.apply(deploymentManifest(name, '1.0', container(fields)));
const pod = () => cluster.objects.list<Pod>('pods', 'shop').find(({ metadata }) => metadata.labels?.['app'] === name);
/** The first status of the container, of all it has had, that looks as wanted. */
const reaches = (wanted: object): Promise<ContainerStatus> =>
  eventually(() =>
    watch.lines
      .flatMap(({ object }): ContainerStatus[] => object.status.containerStatuses ?? [])
      .find((status) => matches(status, wanted)),
  );
const matches = (status: ContainerStatus, wanted: object): boolean => {
  try {
    expect(status).toMatchObject(wanted);
    return true;
  } catch {
    return false;
  }
};
const waiting = (reason: string, message?: unknown) => ({
  state: { waiting: { reason, ...(message ? { message } : {}) } },
});
const log = (query = '') => api.get(`/api/v1/namespaces/shop/pods/${pod()?.metadata.name}/log${query}`);

test('a healthy pod becomes ready, with digest, container and address', async () => {
  run({});
  await reaches({
    ready: true,
    started: true,
    restartCount: 0,
    imageID: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
  });
  expect(pod()?.status).toMatchObject({ phase: 'Running', podIP: expect.stringMatching(/^10\.244\./) });
  expect(pod()?.status.conditions?.map(({ type, status: held }) => `${type}=${held}`)).toEqual([
    'PodReadyToStartContainers=True',
    'Initialized=True',
    'Ready=True',
    'ContainersReady=True',
    'PodScheduled=True',
  ]);
});

describe('what a release does, by the name of its image as on the bed', () => {
  test.each([
    [
      '1.0-crash',
      {
        lastState: { terminated: { exitCode: 3, reason: 'Error' } },
        ...waiting('CrashLoopBackOff', expect.stringMatching(/^back-off \d+s restarting failed container=web pod=/)),
      },
    ],
    ['1.0-oom', { lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } }, ...waiting('CrashLoopBackOff') }],
    [
      '1.0-noexec',
      {
        lastState: { terminated: { exitCode: 128, reason: 'StartError' } },
        ...waiting('RunContainerError', expect.stringContaining('no such file')),
      },
    ],
    ['1.0-unready', { ready: false, started: true, state: { running: {} } }],
    ['1.0-dies', { ready: true, state: { running: {} } }],
    ['1.0-dies', { ready: false, state: { terminated: { exitCode: 1 } } }],
    ['1.0-dies', { ready: true, restartCount: 1 }],
    ['1.0-quits', { lastState: { terminated: { exitCode: 0, reason: 'Completed' } }, ...waiting('CrashLoopBackOff') }],
    ['1.0-slow', { ready: true, restartCount: 0 }],
    ['1.0-once', { ready: true, restartCount: 0 }],
    ['1.0-once', { ready: true, restartCount: 1, lastState: { terminated: { exitCode: 1 } } }],
    ['1.0-twice', { ready: true, restartCount: 2, lastState: { terminated: { exitCode: 1 } } }],
    ['1.0-local', { ready: true, restartCount: 0 }],
  ])('%s', async (tag, wanted) => {
    run({ image: imageOf(tag) });
    await reaches(wanted);
  });

  test.each([
    ['rollkey.test/absent:1', 'ErrImagePull', expect.stringContaining('dial tcp: lookup rollkey.test on ')],
    [
      'localhost:1/web:9.9',
      'ErrImagePull',
      expect.stringMatching(/dial tcp 127.0.0.1:1: connect: connection refused$/),
    ],
    ['registry.rollkey.test/shop/web:9.9', 'ErrImagePull', expect.stringMatching(/^rpc error: .*web:9.9: not found$/)],
    [
      'registry.rollkey.test/shop/web:9.9',
      'ImagePullBackOff',
      expect.stringMatching(/^Back-off pulling image .*: ErrImagePull: rpc error: code = NotFound .*not found$/),
    ],
    ['Web:1', 'InvalidImageName', expect.stringContaining('repository name (library/Web) must be lowercase')],
  ])('%s waits in %s', async (image, reason, message) => {
    run({ image });
    await reaches({ imageID: '', ...waiting(reason, message) });
    expect(pod()?.status.phase).toBe('Pending');
  });
});

describe('what a test scripts for an image', () => {
  test.each([
    [
      { does: 'exit', exitCode: 42 },
      { lastState: { terminated: { exitCode: 42 } }, restartCount: 2 },
    ],
    [{ does: 'exit', exitCode: 0 }, { lastState: { terminated: { exitCode: 0, reason: 'Completed' } } }],
    [{ does: 'not-pull', message: 'toomanyrequests' }, waiting('ErrImagePull', 'toomanyrequests')],
    [{ does: 'serve', readyAfterMs: 1 }, { ready: true }],
  ] as const)('%j', async (behaviour, wanted) => {
    cluster.images.set('scripted:1', { behaviour });
    run({ image: 'scripted:1' });
    await reaches(wanted);
  });

  test('a pod that fits on no node', async () => {
    cluster.images.set('huge:1', { behaviour: { does: 'not-fit' } });
    run({ image: 'huge:1' });
    const [scheduled] = await eventually(() => pod()?.status.conditions);
    expect(scheduled).toMatchObject({
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: expect.stringContaining('0/1 nodes are available'),
    });
  });
});

describe('configuration that is not there', () => {
  test.each([
    [{ envFrom: [{ configMapRef: { name: 'gone' } }] }, 'configmap "gone" not found'],
    [{ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'gone', key: 'k' } } }] }, 'secret "gone" not found'],
  ])('%j', async (fields, message) => {
    run(fields);
    await reaches(waiting('CreateContainerConfigError', message));
  });

  test('starts the container once it is created', async () => {
    run({ envFrom: [{ configMapRef: { name: 'late' } }] });
    await reaches(waiting('CreateContainerConfigError'));
    cluster.objects.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late', namespace: 'shop' } });
    await reaches({ ready: true });
  });
});

describe('logs', () => {
  test('of a container, its last lines, and of the one before', async () => {
    cluster.images.set('chatty:1', { behaviour: { does: 'exit', exitCode: 1 }, log: ['one', 'two', 'three'] });
    run({ image: 'chatty:1' });
    await reaches({ restartCount: 1 });
    expect(await log('?tailLines=2')).toMatchObject({ code: 200, body: 'two\nthree\n' });
    expect(await log('?previous=true')).toMatchObject({ code: 200, body: 'one\ntwo\nthree\n' });
  });

  test.each([
    [
      '?previous=true',
      imageOf('1.0'),
      { ready: true },
      /^previous terminated container "web" in pod "web\d+-\w+-\w+" not found$/,
    ],
    ['?container=side', imageOf('1.0'), { ready: true }, /^container side is not valid for pod/],
    [
      '',
      'registry.rollkey.test/shop/web:9.9',
      waiting('ImagePullBackOff'),
      /is waiting to start: trying and failing to pull image$/,
    ],
  ])('%s of %s is refused', async (query, image, when, message) => {
    run({ image });
    await reaches(when);
    expect(await log(query)).toMatchObject({ code: 400, body: { message: expect.stringMatching(message) } });
  });
});

test('failures are written as events, repeated ones counted', async () => {
  run({ image: imageOf('1.0-crash') });
  await reaches({ restartCount: 3 });
  interface CountedEvent extends KubeObject {
    readonly reason: string;
    readonly message: string;
    readonly count: number;
  }
  const { body } = await api.get(
    `/api/v1/namespaces/shop/events?fieldSelector=involvedObject.name=${pod()?.metadata.name},type=Warning`,
  );
  const [backOff] = body.items as CountedEvent[];
  expect(backOff).toMatchObject({
    reason: 'BackOff',
    message: expect.stringMatching(/^Back-off restarting failed container web in pod /),
  });
  expect(backOff?.count).toBeGreaterThan(1);
});

describe('the service proxy', () => {
  const proxied = (port = 80, path = '/') => api.get(`/api/v1/namespaces/shop/services/${name}:${port}/proxy${path}`);
  beforeEach(() => {
    cluster.objects.apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'shop' },
      spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
    });
  });

  test('answers with the release of a ready pod', async () => {
    run({ image: imageOf('2.7') });
    await eventually(() => isRolledOut(cluster, name));
    expect(await proxied()).toMatchObject({ code: 200, body: '2.7' });
    expect((await proxied(80, '/no/such/path')).code).toBe(404);
    expect(await proxied(81)).toMatchObject({
      code: 503,
      body: { message: `no service port 81 found for service "${name}"` },
    });
  });

  test('answers 503 while no pod is ready', async () => {
    run({ image: imageOf('2.7-unready') });
    await reaches({ started: true });
    expect(await proxied()).toMatchObject({
      code: 503,
      body: { reason: 'ServiceUnavailable', message: `no endpoints available for service "${name}:80"` },
    });
  });
});
