import type { Desk } from './desk.ts';

/** What fits the embedded cluster, where all is faster, or else what fits any other. */
export function paced<T>({ cluster }: Pick<Desk, 'cluster'>, embedded: T, other: T): T {
  return cluster.kind === 'embedded' ? embedded : other;
}
