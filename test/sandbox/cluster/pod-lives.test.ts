import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import type { KubeObject } from '../../../sandbox/cluster/model/kubernetes-objects.ts';
import type { Deployment, Pod, ReplicaSet } from '../../../sandbox/cluster/model/workload-objects.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import { deploymentManifest, eventually, imageOf, isRolledOut } from './cluster-fixture.ts';

interface EventObject extends KubeObject {
  readonly reason: string;
  readonly message: string;
  readonly count?: number;
  readonly eventTime?: string;
  readonly involvedObject: { readonly name: string; readonly fieldPath?: string };
}

let cluster: EmbeddedCluster;
let api: ApiClient;
let name: string;
let count = 0;
beforeAll(async () => {
  cluster = await startCluster({ namespaces: ['shop'] });
});
afterAll(() => cluster.stop());
beforeEach(() => {
  api = createApiClient(cluster);
  count += 1;
  name = `lives${count}`;
});
afterEach(() => {
  api.close();
  cluster.objects.delete('deployments', 'shop', name);
});

const run = (podSpec: object, container: object = {}, replicas = 1) =>
  cluster.objects.apply(
    deploymentManifest(name, '1.0', {
      replicas,
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'web', image: imageOf('1.0'), ...container }], ...podSpec },
      },
    }),
  );
const pods = () =>
  cluster.objects
    .list<Pod>('pods', 'shop')
    .filter(({ metadata }) => metadata.labels?.['app'] === name && metadata.deletionTimestamp === undefined);
const pod = () => pods()[0];
const events = () =>
  cluster.objects
    .list<EventObject>('events', 'shop')
    .filter(({ involvedObject }) => involvedObject.name.startsWith(`${name}-`));
const conditions = (status: Pod['status'] | undefined) =>
  Object.fromEntries((status?.conditions ?? []).map((each) => [each.type, each.message ?? each.status]));
const log = (query = '') => api.get(`/api/v1/namespaces/shop/pods/${pod()?.metadata.name}/log?${query}`);

describe('init containers', () => {
  const init = (tag: string, fields: object = {}) => ({
    initContainers: [{ name: 'init', image: imageOf(tag), ...fields }],
  });

  test('run to their end before the others start', async () => {
    run(init('1.0-quits'));
    await eventually(() => isRolledOutOnce());
    expect(pod()?.status).toMatchObject({
      phase: 'Running',
      initContainerStatuses: [{ name: 'init', ready: true, state: { terminated: { reason: 'Completed' } } }],
      containerStatuses: [{ name: 'web', ready: true }],
    });
    expect(await log('container=init')).toMatchObject({ code: 200, body: 'done 1.0\n' });
  });

  test('that fail keep the others waiting', async () => {
    run(init('1.0-crash'));
    await eventually(() => pod()?.status.initContainerStatuses?.find(({ restartCount }) => restartCount > 1));
    expect(pod()?.status).toMatchObject({
      phase: 'Pending',
      containerStatuses: [{ name: 'web', state: { waiting: { reason: 'PodInitializing' } } }],
    });
    expect(conditions(pod()?.status)).toMatchObject({
      Initialized: 'containers with incomplete status: [init]',
      Ready: 'containers with unready status: [web]',
    });
    expect(events().map(({ involvedObject }) => involvedObject.fieldPath)).toContain('spec.initContainers{init}');
    expect((await log('container=web')).body.message).toMatch(/is waiting to start: PodInitializing$/);
    expect(await log('container=init&previous=true&limitBytes=6')).toMatchObject({ code: 200, body: 'cannot' });
  });

  test('that are sidecars need to start only, and count for readiness', async () => {
    run(init('1.0', { restartPolicy: 'Always' }));
    await eventually(() => isRolledOutOnce());
    expect(pod()?.status.initContainerStatuses).toMatchObject([{ ready: true, started: true, state: { running: {} } }]);
  });

  test('a sidecar that crashes makes the pod unready, not uninitialized for ever', async () => {
    run(init('1.0-dies', { restartPolicy: 'Always' }));
    await eventually(() => isRolledOutOnce());
    await eventually(
      () => conditions(pod()?.status)['Ready'] === 'containers with unready status: [init]' || undefined,
    );
    expect(pod()?.status.containerStatuses).toMatchObject([{ name: 'web', ready: true, restartCount: 0 }]);
  });

  const isRolledOutOnce = () => isRolledOut(cluster, name);
});

test('a liveness probe kills what hangs, again and again', async () => {
  run({}, { image: imageOf('1.0-hangs'), livenessProbe: { httpGet: { path: '/alive', port: 8080 } } });
  await eventually(() => pod()?.status.containerStatuses?.find(({ restartCount }) => restartCount > 1));
  const said = events().map(({ reason, message }) => `${reason}: ${message}`);
  expect(said).toContain('Killing: Container web failed liveness probe, will be restarted');
  expect(said).toContain('Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 404');
});

test('readiness that flaps comes to stay', async () => {
  const watch = api.watch(`/api/v1/namespaces/shop/pods?watch=true&labelSelector=app=${name}`);
  run({}, { image: imageOf('1.0-flaps') });
  const readiness = () => watch.lines.map(({ object }) => conditions(object.status)['Ready'] === 'True');
  const lost = () => readiness().filter((ready, index, all) => !ready && all[index - 1] === true).length;
  await eventually(() => (lost() === 5 && readiness().at(-1)) || undefined);
  watch.close();
});

test('pulls that fail come right', async () => {
  cluster.images.failPulls(imageOf('7.1'), 2, '503 Service Unavailable');
  run({}, { image: imageOf('7.1') });
  await eventually(() => isRolledOut(cluster, name));
  expect(events().find(({ message }) => message.endsWith('web:7.1": 503 Service Unavailable'))?.count).toBe(2);
});

describe('a pod that is told to go is told of once more, by how its containers ended', () => {
  test.each([
    ['a server that serves', imageOf('1.0'), 'Succeeded', 'PodCompleted', { exitCode: 0, reason: 'Completed' }],
    ['one that crashes', imageOf('1.0-crash'), 'Failed', 'PodFailed', { exitCode: 3, reason: 'Error' }],
    [
      'one that never ran',
      'registry.rollkey.test/web:1.0',
      'Failed',
      'PodFailed',
      { exitCode: 137, reason: 'ContainerStatusUnknown' },
    ],
  ])('%s', async (_, image, phase, reason, terminated) => {
    const watch = api.watch(`/api/v1/namespaces/shop/pods?watch=true&labelSelector=app=${name}`);
    run({}, { image });
    const told = () => pod()?.status.containerStatuses?.[0];
    const isSettled = () => told()?.ready || JSON.stringify(told() ?? '').includes('BackOff');
    await eventually(() => isSettled() || undefined);
    cluster.objects.patch('deployments', 'shop', name, { spec: { replicas: 0 } });
    await eventually(() => watch.lines.some(({ type }) => type === 'DELETED') || undefined);
    const last = watch.lines.at(-2)?.object;
    watch.close();
    expect(last).toMatchObject({ metadata: { deletionTimestamp: expect.any(String) }, status: { phase } });
    expect(last.status.conditions).toContainEqual(expect.objectContaining({ type: 'Ready', status: 'False', reason }));
    expect(last.status.containerStatuses).toMatchObject([{ ready: false, state: { terminated } }]);
  });
});

describe('nodes', () => {
  const spec = (node: string) => ({ tolerations: [{ key: 'rollkey.test/node', operator: 'Equal', value: node }] });

  test('pods go to the first unless they tolerate another; then they spread', async () => {
    cluster.addNode('second');
    run({}, {}, 2);
    await eventually(() => isRolledOut(cluster, name));
    expect(pods().map(({ spec: { nodeName } }) => nodeName)).toEqual(['sandbox', 'sandbox']);
    run(spec('second'), { image: imageOf('1.1') }, 2);
    await eventually(() => isRolledOut(cluster, name));
    expect(
      pods()
        .map(({ spec: { nodeName } }) => nodeName)
        .sort(),
    ).toEqual(['sandbox', 'second']);
  });

  test('only the first has a local image', async () => {
    cluster.addNode('second');
    run(spec('second'), { image: imageOf('1.1-local') }, 2);
    await eventually(() => pods().some(({ status }) => conditions(status)['Ready'] === 'True') || undefined);
    const waits = await eventually(() =>
      pods().find(({ status }) => JSON.stringify(status).includes('lookup rollkey.test on ')),
    );
    expect(waits.spec.nodeName).toBe('second');
  });

  test('a node that gets a label takes the pods that waited for it', async () => {
    run({ nodeSelector: { [name]: 'here' } });
    await eventually(() => conditions(pod()?.status)['PodScheduled']?.startsWith('0/') || undefined);
    // By the newer API: no count, no times but its own.
    const told = events().find(({ reason }) => reason === 'FailedScheduling');
    expect([told?.count, told?.eventTime]).toEqual([undefined, expect.any(String)]);
    await api.patch('/api/v1/nodes/sandbox', { metadata: { labels: { [name]: 'here' } } });
    await eventually(() => isRolledOut(cluster, name));
  });

  test('a node is drained by cordon and eviction', async () => {
    cluster.addNode('drained');
    run(spec('drained'), {}, 2);
    await eventually(() => isRolledOut(cluster, name));
    await api.patch('/api/v1/nodes/drained', { spec: { unschedulable: true } });
    const leaving = pods().find(({ spec: { nodeName } }) => nodeName === 'drained');
    const path = `/api/v1/namespaces/shop/pods/${leaving?.metadata.name}/eviction`;
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: leaving?.metadata.name } };
    expect((await api.post(path, eviction)).code).toBe(201);
    await eventually(() => {
      const nodes = pods().map(({ spec: { nodeName } }) => nodeName);
      return (nodes.length === 2 && nodes.every((node) => node === 'sandbox')) || undefined;
    });
  });
});

describe('admission', () => {
  const failure = () =>
    eventually(
      () =>
        cluster.objects
          .list<ReplicaSet>('replicaSets', 'shop')
          .filter(({ metadata }) => metadata.ownerReferences?.[0]?.name === name)
          .flatMap(({ status }) => status.conditions ?? [])
          .find(({ type }) => type === 'ReplicaFailure')?.message,
    );
  const policy = { apiVersion: 'admissionregistration.k8s.io/v1', metadata: { name: 'no-six' } };

  test('a policy refuses pods with an image', async () => {
    const expression = `!object.spec.containers.exists(c, c.image == '${imageOf('6.6')}')`;
    const validations = [{ expression, message: 'not here' }];
    cluster.objects.apply({ ...policy, kind: 'ValidatingAdmissionPolicy', spec: { validations } });
    const matchResources = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } };
    const spec = { policyName: 'no-six', validationActions: ['Deny'], matchResources };
    cluster.objects.apply({ ...policy, kind: 'ValidatingAdmissionPolicyBinding', spec });
    run({}, { image: imageOf('6.6') });
    expect(await failure()).toMatch(
      /^pods "[^"]+" is forbidden: ValidatingAdmissionPolicy 'no-six' with binding 'no-six' denied request: not here$/,
    );
  });

  test('a webhook fails twice, then admits', async () => {
    cluster.failWebhook('shop', 2, 'failed calling webhook "slow"');
    run({});
    expect(await failure()).toBe('Internal error occurred: failed calling webhook "slow"');
    await eventually(() => isRolledOut(cluster, name));
    expect(cluster.objects.get<Deployment>('deployments', 'shop', name).status.availableReplicas).toBe(1);
  });
});
