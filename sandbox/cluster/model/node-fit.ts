import type { KubeObject } from './kubernetes-objects.ts';
import type { PodSpec } from './workload-objects.ts';

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** A node, as far as pods are kept off it. */
export interface Node extends KubeObject {
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly Taint[] };
}

/** Why a pod cannot be on a node, in the scheduler's words; undefined where it can. */
export const misfit = (pod: PodSpec, node: Node): string | undefined => {
  if (node.spec.unschedulable && !isTolerated(pod, unschedulable)) return 'node(s) were unschedulable';
  if (untolerated(pod, node).length > 0) return 'node(s) had untolerated taint(s)';
  const labels = node.metadata.labels ?? {};
  const wanted = wantedNode(pod);
  const selected =
    Object.entries(pod.nodeSelector ?? {}).every(([key, value]) => labels[key] === value) &&
    (wanted === undefined || wanted === node.metadata.name);
  return selected ? undefined : "node(s) didn't match Pod's node affinity/selector";
};

const unschedulable: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };

/** The taints of a node that a pod does not tolerate. */
export const untolerated = (pod: PodSpec, { spec }: Node): readonly Taint[] =>
  (spec.taints ?? []).filter((taint) => !isTolerated(pod, taint));

const isTolerated = ({ tolerations = [] }: PodSpec, taint: Taint): boolean =>
  tolerations.some(
    ({ key, operator, value = '', effect = taint.effect }) =>
      (key === undefined ? operator === 'Exists' : key === taint.key) &&
      effect === taint.effect &&
      (operator === 'Exists' || value === (taint.value ?? '')),
  );

/** The one node that a pod's affinity names, as a DaemonSet's pods' does. */
export const wantedNode = ({ affinity }: PodSpec): string | undefined => {
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const fields = terms.flatMap(({ matchFields = [] }) => matchFields);
  return fields.find(({ key, operator }) => key === 'metadata.name' && operator === 'In')?.values?.[0];
};
