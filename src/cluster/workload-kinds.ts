import type { WorkloadKind, WorkloadRef } from '../ports.ts';
import { type ControllerRevision, fromControllerRevision } from '../rollout/controller-revision.ts';
import { type DaemonSet, fromDaemonSet } from '../rollout/daemon-set.ts';
import type { Deployment, ReplicaSet } from '../rollout/objects.ts';
import { fromStatefulSet, type StatefulSet } from '../rollout/stateful-set.ts';
import type { Subject } from './subject.ts';

/** How the API serves a kind of workload: where, and what its objects are in the words of the operations. */
export interface ServedKind {
  readonly resource: string;
  readonly revisions: 'replicasets' | 'controllerrevisions';
  toWorkload(object: unknown): Deployment;
  toRevision(object: unknown): ReplicaSet;
}

/** Deployments and ReplicaSets go through as they came. */
export const SERVED_KINDS: Readonly<Record<WorkloadKind, ServedKind>> = {
  deployment: {
    resource: 'deployments',
    revisions: 'replicasets',
    toWorkload: (object) => object as Deployment,
    toRevision: (object) => object as ReplicaSet,
  },
  statefulset: {
    resource: 'statefulsets',
    revisions: 'controllerrevisions',
    toWorkload: (object) => fromStatefulSet(object as StatefulSet),
    toRevision: (object) => fromControllerRevision(object as ControllerRevision),
  },
  daemonset: {
    resource: 'daemonsets',
    revisions: 'controllerrevisions',
    toWorkload: (object) => fromDaemonSet(object as DaemonSet),
    toRevision: (object) => fromControllerRevision(object as ControllerRevision),
  },
};

/** What a request about a workload itself is about. */
export function workloadSubject({ kind, namespace, name }: WorkloadRef, verb: Subject['verb']): Subject {
  return { title: `${kind} ${namespace}/${name}`, verb, group: 'apps', resource: SERVED_KINDS[kind].resource };
}

/** What a request about the revisions of such workloads is about. */
export function revisionsSubject({ kind, namespace }: WorkloadRef, verb: Subject['verb']): Subject {
  const { revisions: resource } = SERVED_KINDS[kind];
  return { title: `${TITLES[resource]} in ${namespace}`, verb, group: 'apps', resource };
}

const TITLES = { replicasets: 'replica sets', controllerrevisions: 'controller revisions' } as const;

/** Where the objects of a resource of the group `apps` are. */
export function appsPath(namespace: string, resource: string): string {
  return `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/${resource}`;
}
