import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import type { DaemonSet } from '../../../sandbox/cluster/model/set-objects.ts';
import type { Pod } from '../../../sandbox/cluster/model/workload-objects.ts';
import type { Manifest } from '../../../sandbox/cluster/test-access.ts';
import { eventually } from './cluster-fixture.ts';
import { daemonSetManifest, isDaemonSetRolledOut, podsOf } from './set-fixture.ts';

const lost = 'second';
let cluster: EmbeddedCluster;
beforeEach(async () => {
  cluster = await startCluster({ namespaces: ['shop'] });
  cluster.addNode(lost);
});
afterEach(() => cluster.stop());

const ownTaint = [{ key: 'rollkey.test/node', operator: 'Exists', effect: 'NoSchedule' }];
const apply = (release: string, maxUnavailable = 1, tolerations: readonly object[] = ownTaint) => {
  const strategy = { updateStrategy: { rollingUpdate: { maxUnavailable } } };
  const { spec, ...rest } = daemonSetManifest('agent', release, strategy) as Manifest & Pick<DaemonSet, 'spec'>;
  const { template } = spec;
  cluster.objects.apply({
    ...rest,
    spec: { ...spec, template: { ...template, spec: { ...template.spec, tolerations } } },
  });
};
const rolledOut = () => eventually(() => isDaemonSetRolledOut(cluster, 'agent'));
const podOn = (node: string): Pod | undefined => podsOf(cluster, 'agent').find(({ spec }) => spec.nodeName === node);
const releases = () =>
  podsOf(cluster, 'agent')
    .map(({ spec, metadata }) => {
      const release = spec.containers[0]?.image.split(':')[1];
      return `${spec.nodeName} ${release}${metadata.deletionTimestamp === undefined ? '' : ' leaving'}`;
    })
    .sort();
const stands = async (expected: readonly string[]) => {
  await eventually(() => releases().join() === expected.join() || undefined);
  await sleep(50);
  expect(releases()).toEqual(expected);
};
const wanted = () => cluster.objects.get<DaemonSet>('daemonSets', 'shop', 'agent').status.desiredNumberScheduled;
const readyOf = (pod: Pod | undefined) => pod?.status.conditions?.find(({ type }) => type === 'Ready');

test('its pod is not ready, for no reason, though its containers are; once it is back, it is ready again', async () => {
  apply('1.0');
  await rolledOut();
  cluster.stopNode(lost);
  const pod = podOn(lost);
  expect(readyOf(pod)).toEqual({ type: 'Ready', status: 'False', lastTransitionTime: expect.any(String) });
  expect(pod?.status.containerStatuses).toMatchObject([{ ready: true, state: { running: expect.any(Object) } }]);
  await eventually(() => wanted() === 1 || undefined);
  await rolledOut();
  cluster.startNode(lost);
  expect(readyOf(podOn(lost))?.status).toBe('True');
  await eventually(() => wanted() === 2 || undefined);
});

test('its old pod does not leave and uses up what may be unavailable, until it is back', async () => {
  apply('1.0');
  await rolledOut();
  cluster.stopNode(lost);
  apply('1.1');
  await stands(['sandbox 1.0', 'second 1.0 leaving']);
  cluster.startNode(lost);
  await stands(['sandbox 1.1', 'second 1.1']);
});

test('the others go on where more may be unavailable, and the set is complete without it', async () => {
  apply('1.0', 2);
  await rolledOut();
  cluster.stopNode(lost);
  apply('1.1', 2);
  await stands(['sandbox 1.1', 'second 1.0 leaving']);
  await rolledOut();
});

test('a set that tolerates every taint wants a pod there, which nobody takes before it is back', async () => {
  cluster.stopNode(lost);
  apply('1.0', 1, [{ operator: 'Exists' }]);
  await eventually(() => podOn(lost));
  await sleep(50);
  const { status } = podOn(lost) ?? {};
  expect(wanted()).toBe(2);
  expect([status?.conditions?.map(({ type }) => type), status?.containerStatuses]).toEqual([
    ['PodScheduled'],
    undefined,
  ]);
  cluster.startNode(lost);
  await rolledOut();
  await stands(['sandbox 1.0', 'second 1.0']);
});
