import { ClusterError } from '../../src/errors.ts';
import type { Cluster } from '../../src/ports.ts';
import type { Neighbours } from '../../src/rollout/neighbours.ts';

export interface MemoryNeighbours extends Pick<Cluster, 'listNeighbours'> {
  /** What stands beside the workloads; a kind that is `forbidden` may not be listed. */
  readonly neighbours: { -readonly [K in keyof Neighbours]: readonly Neighbours[K][] | 'forbidden' };
  /** The kinds that were asked for, in that order. */
  readonly asked: (keyof Neighbours)[];
}

/** Autoscalers, budgets and quotas in memory. */
export function createMemoryNeighbours(): MemoryNeighbours {
  const neighbours: MemoryNeighbours['neighbours'] = {
    horizontalpodautoscalers: [],
    poddisruptionbudgets: [],
    resourcequotas: [],
  };
  const asked: (keyof Neighbours)[] = [];
  return {
    neighbours,
    asked,
    async listNeighbours<K extends keyof Neighbours>(kind: K, namespace: string) {
      asked.push(kind);
      const found: readonly Neighbours[K][] | 'forbidden' = neighbours[kind];
      if (found === 'forbidden') throw new ClusterError('forbidden', `${kind} in ${namespace}: forbidden to list`);
      return found;
    },
  };
}
