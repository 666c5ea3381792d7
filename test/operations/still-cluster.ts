import type { ClusterError } from '../../src/errors.ts';
import type { Cluster, Following, ObjectList } from '../../src/ports.ts';
import type { KubernetesObject } from '../../src/rollout/objects.ts';
import type { CapturedSet } from '../fixtures/load.ts';

/** A cluster that stands still at what was captured, until a pod is deleted: then it is as after the rollout. */
export function stillCluster({ workload, revisions, pods }: CapturedSet, refusal?: ClusterError) {
  const deleted: string[] = [];
  let now = pods;
  let wake = () => undefined as unknown;
  const list = <T extends KubernetesObject>(items: readonly unknown[]) =>
    ({ items, resourceVersion: '1' }) as ObjectList<T>;
  const select = ({ resource }: Following): readonly unknown[] =>
    ({ workload: [workload], revisions, pods: now })[resource];
  const cluster: Partial<Cluster> = {
    getWorkload: async () => workload,
    listRevisions: async () => list(revisions),
    listPods: async () => list(now),
    async deletePod({ metadata: { name } }) {
      deleted.push(name);
      if (refusal) throw refusal;
      now = now.filter(({ metadata }) => metadata.name !== name);
      wake();
    },
    async *follow<T extends KubernetesObject>(following: Following, signal: AbortSignal) {
      while (!signal.aborted) {
        yield select(following) as readonly T[];
        await new Promise((resolve) => {
          if (following.resource === 'pods') wake = () => resolve(undefined);
          signal.addEventListener('abort', resolve, { once: true });
        });
      }
    },
  };
  return { cluster: cluster as Cluster, deleted };
}
