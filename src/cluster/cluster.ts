import { ClusterError } from '../errors.ts';
import type { Cluster, WorkloadRef } from '../ports.ts';
import type { Pod } from '../rollout/objects.ts';
import { type FollowTools, follow } from './follow.ts';
import { createNeighbours } from './neighbours.ts';
import type { Requests } from './requests.ts';
import { objectList, sourceOf } from './source.ts';
import { createTraces } from './traces.ts';
import { appsPath, revisionsSubject, SERVED_KINDS, workloadSubject } from './workload-kinds.ts';

/** The Kubernetes API over `requests`. */
export function createCluster(requests: Requests, tools: FollowTools): Cluster {
  return {
    async getWorkload(ref) {
      try {
        const object = await requests.json({ subject: workloadSubject(ref, 'get'), path: pathOf(ref) });
        return SERVED_KINDS[ref.kind].toWorkload(object);
      } catch (error) {
        if (error instanceof ClusterError && error.kind === 'not-found') throw await notFound(requests, ref, error);
        throw error;
      }
    },

    async listRevisions(ref, labelSelector) {
      const { revisions, toRevision } = SERVED_KINDS[ref.kind];
      const path = appsPath(ref.namespace, revisions);
      const subject = revisionsSubject(ref, 'list');
      return objectList(await requests.json({ subject, path, query: { labelSelector } }), toRevision);
    },

    async listPods(namespace, labelSelector) {
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
      const about = { title: `pods in ${namespace}`, verb: 'list', group: '', resource: 'pods' } as const;
      return objectList<Pod>(await requests.json({ subject: about, path, query: { labelSelector } }));
    },

    async patchWorkload(ref, patch, options) {
      const query = options?.dryRun ? { dryRun: 'All' } : {};
      const request = { subject: workloadSubject(ref, 'patch'), path: pathOf(ref), query, body: patch };
      return SERVED_KINDS[ref.kind].toWorkload(await requests.json(request));
    },

    async deletePod({ metadata: { namespace, name, uid } }) {
      const subject = { title: `pod ${namespace}/${name}`, verb: 'delete', group: '', resource: 'pods' } as const;
      const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
      const body = { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } };
      try {
        await requests.json({ subject, path, body });
      } catch (error) {
        if (!(error instanceof ClusterError && (error.kind === 'not-found' || error.kind === 'conflict'))) throw error;
      }
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

function pathOf({ kind, namespace, name }: WorkloadRef): string {
  return `${appsPath(namespace, SERVED_KINDS[kind].resource)}/${encodeURIComponent(name)}`;
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
