import { setTimeout as sleep } from 'node:timers/promises';
import type { EmbeddedCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import type { Deployment, ReplicaSet } from '../../../sandbox/cluster/model/workload-objects.ts';
import type { Manifest } from '../../../sandbox/cluster/test-access.ts';

/** The image that serves a release. */
export const imageOf = (release: string): string => `rollkey.test/web:${release}`;

/** A Deployment in namespace `shop` with two replicas of the release and its change-cause. */
export const deploymentManifest = (name: string, release: string, spec: object = {}): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop', annotations: { 'kubernetes.io/change-cause': release } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'web', image: imageOf(release) }] },
    },
    ...spec,
  },
});

/** Waits until the probe gives a value; fails with what it last threw, or plainly, after `ms`. */
export const eventually = async <T>(probe: () => T | undefined, ms = 10_000): Promise<T> => {
  const deadline = Date.now() + ms;
  for (;;) {
    const value = probe();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`not within ${ms} ms: ${probe}`);
    await sleep(2);
  }
};

/** The Deployment once its rollout is complete by kubectl's rules. */
export const isRolledOut = (cluster: EmbeddedCluster, name: string): Deployment | undefined => {
  const deployment = cluster.objects.get<Deployment>('deployments', 'shop', name);
  const { metadata, spec, status } = deployment;
  const done =
    status.observedGeneration === metadata.generation &&
    (status.updatedReplicas ?? 0) === spec.replicas &&
    (status.replicas ?? 0) === spec.replicas &&
    (status.availableReplicas ?? 0) === spec.replicas;
  return done ? deployment : undefined;
};

/** The ReplicaSets of a Deployment by their revision. */
export const revisions = (cluster: EmbeddedCluster, name: string): Record<string, ReplicaSet> =>
  Object.fromEntries(
    cluster.objects
      .list<ReplicaSet>('replicaSets', 'shop')
      .filter(({ metadata }) => metadata.ownerReferences?.[0]?.name === name)
      .map((set) => [set.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? '', set]),
  );
