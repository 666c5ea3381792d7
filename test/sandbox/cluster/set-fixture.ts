import type { EmbeddedCluster } from '../../../sandbox/cluster/embedded-cluster.ts';
import type { ControllerRevision, DaemonSet, StatefulSet } from '../../../sandbox/cluster/model/set-objects.ts';
import type { Pod } from '../../../sandbox/cluster/model/workload-objects.ts';
import type { Manifest } from '../../../sandbox/cluster/test-access.ts';
import { deploymentManifest } from './cluster-fixture.ts';

type Kind = 'StatefulSet' | 'DaemonSet';

const manifest = (kind: Kind, name: string, release: string, spec: object): Manifest => {
  const { spec: base, ...rest } = deploymentManifest(name, release);
  const { replicas: _, ...common } = base as { readonly replicas: number };
  return { ...rest, kind, spec: { ...common, ...spec } };
};

/** A StatefulSet in namespace `shop` with three replicas of the release and its change-cause. */
export const statefulSetManifest = (name: string, release: string, spec: object = {}): Manifest =>
  manifest('StatefulSet', name, release, { replicas: 3, serviceName: name, ...spec });

/** A DaemonSet in namespace `shop` of the release and its change-cause. */
export const daemonSetManifest = (name: string, release: string, spec: object = {}): Manifest =>
  manifest('DaemonSet', name, release, spec);

/** The StatefulSet once its rollout is complete by kubectl's rules, and none of its pods is about to end. */
export const isStatefulSetRolledOut = (cluster: EmbeddedCluster, name: string): StatefulSet | undefined => {
  const set = cluster.objects.get<StatefulSet>('statefulSets', 'shop', name);
  const { metadata, spec, status } = set;
  const partition = spec.updateStrategy.rollingUpdate?.partition ?? 0;
  const done =
    status.observedGeneration === metadata.generation &&
    status.replicas === spec.replicas &&
    status.availableReplicas === spec.replicas &&
    (status.updatedReplicas ?? 0) >= spec.replicas - partition;
  return done ? set : undefined;
};

/** The DaemonSet once its rollout is complete by kubectl's rules. */
export const isDaemonSetRolledOut = (cluster: EmbeddedCluster, name: string): DaemonSet | undefined => {
  const set = cluster.objects.get<DaemonSet>('daemonSets', 'shop', name);
  const { metadata, status } = set;
  const wanted = status.desiredNumberScheduled;
  const done =
    status.observedGeneration === metadata.generation &&
    (status.updatedNumberScheduled ?? 0) === wanted &&
    (status.numberAvailable ?? 0) === wanted;
  return done ? set : undefined;
};

/** The revisions of a set by their number, as the release of the image each keeps. */
export const releasesByRevision = (cluster: EmbeddedCluster, name: string): Record<string, string> =>
  Object.fromEntries(
    revisionsOf(cluster, name)
      .toSorted((a, b) => a.revision - b.revision)
      .map(({ revision, data }) => [revision, releaseOf(data.spec.template.spec.containers[0]?.image ?? '')]),
  );

export const revisionsOf = (cluster: EmbeddedCluster, name: string): readonly ControllerRevision[] =>
  cluster.objects
    .list<ControllerRevision>('controllerRevisions', 'shop')
    .filter(({ metadata }) => metadata.ownerReferences?.[0]?.name === name);

/** Which release each pod of a set runs, by the pod's name. */
export const releasesByPod = (cluster: EmbeddedCluster, name: string): Record<string, string> =>
  Object.fromEntries(podsOf(cluster, name).map((pod) => [pod.metadata.name, releaseOf(imageOfPod(pod))]));

export const podsOf = (cluster: EmbeddedCluster, name: string): readonly Pod[] =>
  cluster.objects.list<Pod>('pods', 'shop').filter(({ metadata }) => metadata.labels?.['app'] === name);

const imageOfPod = ({ spec }: Pod): string => spec.containers[0]?.image ?? '';
const releaseOf = (image: string): string => image.split(':')[1] ?? '';
