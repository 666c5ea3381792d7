import { ApiError } from '../model/api-error.ts';
import { misfit, type Node, untolerated, wantedNode } from '../model/node-fit.ts';
import { resources } from '../model/resource.ts';
import type { DaemonSet } from '../model/set-objects.ts';
import type { Pod, PodSpec } from '../model/workload-objects.ts';
import { targetOf } from '../registry/registry.ts';
import { templateGenerationKey } from '../registry/template-generation.ts';
import { type ControlPlane, controllerManager } from './control-plane.ts';
import { revisionLabel } from './controller-revisions.ts';
import { controllerReference } from './ownership.ts';

/** The label by which pods were told apart before there were revisions; it still counts. */
const generationLabel = 'pod-template-generation';

/** `NodeShouldRunDaemonPod`: whether a node is to get a pod, and whether one that is there may stay. */
export const placementOn = (node: Node, { spec }: DaemonSet) => {
  const pod = withTolerations(spec.template.spec);
  const shouldRun = misfit(pod, node) === undefined;
  const tolerant = { ...pod, tolerations: [{ operator: 'Exists' }] };
  const evicted = untolerated(pod, node).some(({ effect }) => effect === 'NoExecute');
  return { shouldRun, mayStay: misfit(tolerant, node) === undefined && !evicted };
};

/** The node a pod is on, or is to go to. */
export const nodeOf = ({ spec }: Pod): string | undefined => spec.nodeName ?? wantedNode(spec);

/** `IsPodUpdated`: whether a pod is of the revision with that hash. */
export const isUpdated = ({ metadata }: Pod, set: DaemonSet, hash: string): boolean =>
  metadata.labels?.[revisionLabel] === hash || metadata.labels?.[generationLabel] === generationOf(set);

const generationOf = ({ metadata }: DaemonSet): string => metadata.annotations?.[templateGenerationKey] ?? '';

/** Creates the pod of a node, which only that node may take. */
export const createDaemonPod = (plane: ControlPlane, set: DaemonSet, node: string, hash: string): void => {
  const { name, namespace = '' } = set.metadata;
  const { metadata: { labels, annotations } = {}, spec } = set.spec.template;
  const draft = {
    metadata: {
      generateName: `${name}-`,
      labels: { ...labels, [revisionLabel]: hash, [generationLabel]: generationOf(set) },
      ...(annotations === undefined ? {} : { annotations }),
      ownerReferences: [controllerReference(set)],
    },
    spec: { ...withTolerations(spec), affinity: { ...spec.affinity, nodeAffinity: onlyOn(spec, node) } },
  };
  try {
    const pod = plane.registry.create(resources.pods, namespace, draft, controllerManager);
    record(plane, set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
  } catch (error) {
    if (error instanceof ApiError) record(plane, set, 'Warning', 'FailedCreate', `Error creating: ${error.message}`);
    throw error;
  }
};

/** Deletes a pod, with its grace period. */
export const deleteDaemonPod = (plane: ControlPlane, set: DaemonSet, pod: Pod): void => {
  plane.remove(targetOf(resources.pods, pod));
  record(plane, set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
};

const record = (
  plane: ControlPlane,
  set: DaemonSet,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
): void => plane.recordEvent('daemonset-controller', set, { type, reason, message });

const onlyOn = ({ affinity }: PodSpec, node: string) => ({
  ...affinity?.nodeAffinity,
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }],
  },
});

/** `AddOrUpdateDaemonPodTolerations`: what a node suffers from does not drive a DaemonSet's pod away. */
const withTolerations = (spec: PodSpec): PodSpec => {
  const endured = [
    ...['not-ready', 'unreachable'].map((trouble) => ({ trouble, effect: 'NoExecute' })),
    ...['disk-pressure', 'memory-pressure', 'pid-pressure', 'unschedulable'].map((trouble) => ({
      trouble,
      effect: 'NoSchedule',
    })),
  ].map(({ trouble, effect }) => ({ key: `node.kubernetes.io/${trouble}`, operator: 'Exists', effect }));
  return { ...spec, tolerations: [...(spec.tolerations ?? []), ...endured] };
};
