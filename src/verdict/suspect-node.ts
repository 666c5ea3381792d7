import type { Pod } from '../rollout/objects.ts';
import { isReady } from '../rollout/pods.ts';
import type { PodReference } from './signal.ts';

/** A node on which all fails, and one on which the release is ready. */
export interface Suspicion {
  readonly node: string;
  readonly readyOn: string;
}

/**
 * One bad node looks like a bad release. Suspects the node that all failing pods are on, where none of the release is
 * ready there while some are on other nodes; never on a cluster of one node, nor where nodes are unknown.
 */
export function suspectNode(failing: readonly PodReference[], pods: readonly Pod[]): Suspicion | undefined {
  const [node, ...others] = new Set(failing.map((pod) => pod.node));
  if (!node || others.length > 0) return undefined;
  const readyOn = pods.filter(isReady).map(({ spec }) => spec?.nodeName ?? '');
  const [elsewhere] = readyOn.filter((each) => each !== '').sort();
  return elsewhere && !readyOn.includes(node) ? { node, readyOn: elsewhere } : undefined;
}

export function describeSuspicion({ node, readyOn }: Suspicion): string {
  return `all failing pods are on node ${node}, while the release is ready on ${readyOn}: the node may be at fault`;
}
