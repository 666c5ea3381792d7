import { ClusterError } from '../errors.ts';
import type { Cluster, WorkloadRef } from '../ports.ts';
import type { Deployment, Pod, ReplicaSet } from '../rollout/objects.ts';
import { type FollowTools, follow } from './follow.ts';
import { createNeighbours } from './neighbours.ts';
import type { Requests } from './requests.ts';
import { objectList, sourceOf } from './source.ts';
import type { Subject } from './subject.ts';
import { createTraces } from './traces.ts';

/** The Kubernetes API over `requests`. */
export function createCluster(requests: Requests, tools: FollowTools): Cluster {
  return {
    async getWorkload(ref) {
      try {
        return (await requests.json({ subject: subject(ref, 'get'), path: deploymentPath(ref) })) as Deployment;
      } catch (error) {
        if (error instanceof ClusterError && error.kind === 'not-found') throw await notFound(requests, ref, error);
        throw error;
      }
    },

    async listReplicaSets(namespace, labelSelector) {
      const title = `replica sets in ${namespace}`;
      const path = `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/replicasets`;
      const about = { title, verb: 'list', group: 'apps', resource: 'replicasets' } as const;
      return objectList<ReplicaSet>(await requests.json({ subject: about, path, query: { labelSelector } }));
    },

    async listPods(namespace, labelSelector) {
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
      const about = { title: `pods in ${namespace}`, verb: 'list', group: '', resource: 'pods' } as const;
      return objectList<Pod>(await requests.json({ subject: about, path, query: { labelSelector } }));
    },

    async patchWorkload(ref, patch, options) {
      const query = options?.dryRun ? { dryRun: 'All' } : {};
      const request = { subject: subject(ref, 'patch'), path: deploymentPath(ref), query, body: patch };
      return (await requests.json(request)) as Deployment;
    },

    async exists(resource, namespace, name) {
      const title = `${resource === 'secrets' ? 'secret' : 'configmap'} ${namespace}/${name}`;
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/${resource}/${encodeURIComponent(name)}`;
      try {
        await requests.json({ subject: { title, verb: 'get', group: '', resource }, path, accept: METADATA_ONLY });
        return 'yes';
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error;
        if (error.kind === 'not-found') return 'no';
        if (error.kind === 'forbidden') return 'unknown';
        throw error;
      }
    },

    ...createNeighbours(requests),
    ...createTraces(requests),

    follow: (following, signal, known) => follow(sourceOf(requests, following), signal, known, tools),
  };
}

// The content of a Secret then never travels.
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';

function subject(ref: WorkloadRef, verb: Subject['verb']): Subject {
  return { title: `deployment ${ref.namespace}/${ref.name}`, verb, group: 'apps', resource: 'deployments' };
}

function deploymentPath({ namespace, name }: Pick<WorkloadRef, 'namespace' | 'name'>): string {
  return `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/deployments/${encodeURIComponent(name)}`;
}

/** The API server answers the same for a missing object and a missing namespace: ask which one it is. */
async function notFound(requests: Requests, { namespace }: WorkloadRef, error: ClusterError): Promise<ClusterError> {
  const about = { title: `namespace ${namespace}`, verb: 'get', group: '', resource: 'namespaces' } as const;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
  try {
    await requests.json({ subject: about, path, accept: METADATA_ONLY });
    return error;
  } catch (namespaceError) {
    return namespaceError instanceof ClusterError && namespaceError.kind === 'not-found' ? namespaceError : error;
  }
}
