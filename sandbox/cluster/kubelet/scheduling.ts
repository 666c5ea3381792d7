import { misfit, type Node } from '../model/node-fit.ts';
import { resources } from '../model/resource.ts';
import type { Pod } from '../model/workload-objects.ts';
import type { Registry } from '../registry/registry.ts';
import type { ImageScript } from './image-script.ts';

/** Where a pod goes, or why it goes nowhere, in the scheduler's words. */
export type Placement = { readonly node: string } | { readonly message: string };

/** Chooses, of the nodes that fit, the one with the fewest pods of the same ReplicaSet. */
export const place = (registry: Registry, pod: Pod, images: ImageScript): Placement => {
  const nodes = registry.list(resources.nodes, '') as unknown as readonly Node[];
  const refused = pod.spec.containers
    .map(({ image }) => images.behaviour(image))
    .find((behaviour) => behaviour.does === 'not-fit');
  if (refused?.does === 'not-fit' && refused.message !== undefined) return { message: refused.message };
  if (refused) return { message: unavailable(nodes, ['Insufficient cpu'], 'No preemption victims found') };
  const reasons = nodes.map((node) => misfit(pod.spec, node));
  const siblings = siblingsByNode(registry, pod);
  const [best] = nodes
    .filter((_, index) => reasons[index] === undefined)
    .map(({ metadata }) => ({ node: metadata.name, pods: siblings.get(metadata.name) ?? 0 }))
    .sort((a, b) => a.pods - b.pods);
  return best ?? { message: unavailable(nodes, reasons.map(String), 'Preemption is not helpful') };
};

const siblingsByNode = (registry: Registry, pod: Pod): ReadonlyMap<string, number> => {
  const owner = pod.metadata.ownerReferences?.[0]?.uid;
  const counts = new Map<string, number>();
  for (const other of registry.list(resources.pods, pod.metadata.namespace ?? '') as unknown as readonly Pod[]) {
    const { nodeName } = other.spec;
    if (nodeName === undefined || other.metadata.ownerReferences?.[0]?.uid !== owner) continue;
    counts.set(nodeName, (counts.get(nodeName) ?? 0) + 1);
  }
  return counts;
};

const unavailable = ({ length }: readonly Node[], reasons: readonly string[], preemption: string): string => {
  const kinds = [...new Set(reasons)].sort();
  const counted = kinds.map((kind) => `${reasons.filter((reason) => reason === kind).length} ${kind}`).join(', ');
  return `0/${length} nodes are available: ${counted}. no new claims to deallocate, preemption: 0/${length} nodes are available: ${length} ${preemption} for scheduling.`;
};
