import type { Pod } from '../model/workload-objects.ts';
import type { ImageScript } from './image-script.ts';

const nodeLabels: Readonly<Record<string, string>> = { 'kubernetes.io/os': 'linux' };

/** Why no node can take a pod, in the scheduler's words; undefined when the one node fits. */
export const whyUnschedulable = (pod: Pod, images: ImageScript): string | undefined => {
  const refused = pod.spec.containers
    .map(({ image }) => images.behaviour(image))
    .find((behaviour) => behaviour.does === 'not-fit');
  if (refused !== undefined) return refused.message ?? unavailable('1 Insufficient cpu', 'No preemption victims found');
  const labels = Object.entries(pod.spec.nodeSelector ?? {});
  return labels.some(([key, value]) => nodeLabels[key] !== value)
    ? unavailable("1 node(s) didn't match Pod's node affinity/selector", 'Preemption is not helpful')
    : undefined;
};

const unavailable = (reason: string, preemption: string): string =>
  `0/1 nodes are available: ${reason}. no new claims to deallocate, preemption: 0/1 nodes are available: 1 ${preemption} for scheduling.`;
