import { afterEach, test } from '@jest/globals';
import { type EmbeddedCluster, startCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import type { KubeObject } from '../../../sandbox/cluster/model/kubernetes-objects.ts';
import { eventually } from './cluster-fixture.ts';
import { daemonSetManifest, podsOf, statefulSetManifest } from './set-fixture.ts';

let cluster: EmbeddedCluster;
afterEach(() => cluster.stop());

test.each([
  ['DaemonSet', 'daemonSets', 'numberAvailable', daemonSetManifest, {}],
  ['StatefulSet', 'statefulSets', 'availableReplicas', statefulSetManifest, { replicas: 1 }],
] as const)(
  'a %s looks again wherever within a look its pod becomes available',
  async (_, resource, count, manifest, size) => {
    cluster = await startCluster({ namespaces: ['shop'] });
    const readAt = (now: () => number) => Object.assign(cluster.clock, { now });
    const apply = (minReadySeconds: number) =>
      cluster.objects.apply(manifest('web', '1.0', { minReadySeconds, ...size }));
    const readySince = () =>
      podsOf(cluster, 'web')[0]?.status.conditions?.find(({ type, status }) => type === 'Ready' && status === 'True')
        ?.lastTransitionTime;
    const available = () =>
      cluster.objects.get<KubeObject & { readonly status: Readonly<Record<string, number>> }>(resource, 'shop', 'web')
        .status[count] ?? 0;
    apply(7200);
    const then = Date.parse(String(await eventually(readySince))) + 3600_000;
    apply(3600);
    for (let early = 0; early < 24; early++) {
      readAt(() => then - 10);
      cluster.objects.patch(resource, 'shop', 'web', { metadata: { annotations: { early: `${early}` } } });
      await eventually(() => available() === 0 || undefined);
      let looks = 0;
      readAt(() => (looks++ < early ? then - 10 : then + 10));
      await eventually(() => available() === 1 || undefined);
    }
  },
);
