import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import type { KubeObject } from '../../../sandbox/cluster/model/kubernetes-objects.ts';
import type { ControllerRevision, DaemonSet, StatefulSet } from '../../../sandbox/cluster/model/set-objects.ts';
import type { Pod } from '../../../sandbox/cluster/model/workload-objects.ts';

type Objects = readonly KubeObject[];

/** What `kubectl get -o yaml` gave of one set, its ControllerRevisions and its pods on a real cluster (Kubernetes 1.35). */
export const captured = (name: string): Objects => {
  const file = new URL(`../../fixtures/sets/${name}.yaml`, import.meta.url);
  return (load(readFileSync(file, 'utf8')) as { readonly items: Objects }).items;
};

export const podsIn = (objects: Objects): readonly Pod[] =>
  objects.filter(({ kind }) => kind === 'Pod') as readonly KubeObject[] as readonly Pod[];

const revisionsIn = (objects: Objects): readonly ControllerRevision[] =>
  objects.filter(({ kind }) => kind === 'ControllerRevision') as readonly KubeObject[] as readonly ControllerRevision[];

/** The one set among objects. */
export const setIn = (objects: Objects): StatefulSet | DaemonSet => {
  const set = objects.find(({ kind }) => kind === 'StatefulSet' || kind === 'DaemonSet');
  if (set === undefined) throw new Error('there is no set among the objects');
  return set as StatefulSet | DaemonSet;
};

/** What two clusters must agree on: all but identities, times, random names and hashes, and what a kubelet adds. */
export const comparable = (objects: Objects): object => {
  const names = toldNames(revisionsIn(objects));
  const set = setIn(objects);
  const revisions = revisionsIn(objects).toSorted((a, b) => a.revision - b.revision);
  const told = {
    set: { ...toldMetadata(set), spec: set.spec, status: set.status },
    revisions: revisions.map((each) => ({
      ...toldMetadata(each),
      name: each.metadata.name,
      revision: each.revision,
      data: each.data,
    })),
    pods: podsIn(objects).map((pod) => ({
      ...toldMetadata(pod),
      name: set.kind === 'StatefulSet' ? pod.metadata.name : undefined,
      image: pod.spec.containers[0]?.image,
      phase: pod.status.phase,
      ready: pod.status.conditions?.find(({ type }) => type === 'Ready')?.status,
    })),
  };
  return JSON.parse(JSON.stringify(told), (_, value) => names.get(value) ?? value);
};

/** Revisions and their hashes by the change-cause they were created with. */
const toldNames = (revisions: readonly ControllerRevision[]): ReadonlyMap<unknown, string> =>
  new Map(
    revisions.flatMap(({ metadata: { name, annotations } }) => {
      const cause = annotations?.['kubernetes.io/change-cause'];
      return [[name, `revision ${cause}`] as const, [name.split('-').at(-1) ?? '', `hash of ${cause}`] as const];
    }),
  );

const toldMetadata = ({ metadata }: KubeObject): object => ({
  generateName: metadata.generateName,
  generation: metadata.generation,
  labels: metadata.labels,
  annotations: metadata.annotations,
  owners: metadata.ownerReferences?.map(({ uid: _, ...owner }) => owner),
  ending: metadata.deletionTimestamp !== undefined,
});
