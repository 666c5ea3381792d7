import { ClusterError } from '../errors.ts';
import type { Cluster } from '../ports.ts';
import type { Neighbours } from '../rollout/neighbours.ts';
import type { Requests } from './requests.ts';
import { objectList } from './source.ts';
import type { Subject } from './subject.ts';

const GROUPS = {
  horizontalpodautoscalers: { group: 'autoscaling', path: '/apis/autoscaling/v2' },
  poddisruptionbudgets: { group: 'policy', path: '/apis/policy/v1' },
  resourcequotas: { group: '', path: '/api/v1' },
} as const satisfies Record<keyof Neighbours, { readonly group: Subject['group']; readonly path: string }>;

/** What stands beside a workload and bears on the number of its pods. */
export function createNeighbours(requests: Requests): Pick<Cluster, 'listNeighbours'> {
  return {
    async listNeighbours<K extends keyof Neighbours>(kind: K, namespace: string) {
      const { group, path } = GROUPS[kind];
      const subject = { title: `${kind} in ${namespace}`, verb: 'list', group, resource: kind } as const;
      try {
        const answer = await requests.json({
          subject,
          path: `${path}/namespaces/${encodeURIComponent(namespace)}/${kind}`,
        });
        return objectList<Neighbours[K]>(answer).items;
      } catch (error) {
        // A server that does not serve the kind has none of it.
        if (error instanceof ClusterError && error.kind === 'not-found') return [];
        throw error;
      }
    },
  };
}
