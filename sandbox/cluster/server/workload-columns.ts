import type { DisruptionBudget } from '../model/disruption-budget.ts';
import type { KubeObject, LabelSelector, StringMap } from '../model/kubernetes-objects.ts';
import { type Resource, resources } from '../model/resource.ts';
import type { ControllerRevision, DaemonSet, StatefulSet } from '../model/set-objects.ts';
import type { Container, Deployment, ReplicaSet } from '../model/workload-objects.ts';
import { type Column, column } from './table-column.ts';

/** What stands before and after the age of an object. */
interface Columns {
  readonly before: readonly Column[];
  readonly after?: readonly Column[];
}

type Workload = Deployment | ReplicaSet | StatefulSet | DaemonSet;

const listed = (label: string, text: (container: Container) => string): Column =>
  column<Workload>(label, ({ spec }) => spec.template.spec.containers.map(text).join(), true);
const containers = [listed('Containers', ({ name }) => name), listed('Images', ({ image }) => image)];
const selector = column<Workload>('Selector', ({ spec }) => selectorText(spec.selector), true);

const ofDeployments: readonly Column[] = [
  column<Deployment>('Ready', ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}`),
  column<Deployment>('Up-to-date', ({ status }) => status.updatedReplicas ?? 0),
  column<Deployment>('Available', ({ status }) => status.availableReplicas ?? 0),
];

const ofReplicaSets: readonly Column[] = [
  column<ReplicaSet>('Desired', ({ spec }) => spec.replicas),
  column<ReplicaSet>('Current', ({ status }) => status.replicas),
  column<ReplicaSet>('Ready', ({ status }) => status.readyReplicas ?? 0),
];

const ofStatefulSets: readonly Column[] = [
  column<StatefulSet>('Ready', ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}`),
];

const ofDaemonSets: readonly Column[] = [
  column<DaemonSet>('Desired', ({ status }) => status.desiredNumberScheduled),
  column<DaemonSet>('Current', ({ status }) => status.currentNumberScheduled),
  column<DaemonSet>('Ready', ({ status }) => status.numberReady),
  column<DaemonSet>('Up-to-date', ({ status }) => status.updatedNumberScheduled ?? 0),
  column<DaemonSet>('Available', ({ status }) => status.numberAvailable ?? 0),
  column<DaemonSet>('Node Selector', ({ spec }) => labelText(spec.template.spec.nodeSelector ?? {})),
];

const ofRevisions: readonly Column[] = [
  column<ControllerRevision>('Controller', ({ metadata }) => {
    const owner = metadata.ownerReferences?.find(({ controller }) => controller);
    return owner === undefined ? '<none>' : `${owner.kind.toLowerCase()}.apps/${owner.name}`;
  }),
  column<ControllerRevision>('Revision', ({ revision }) => revision),
];

const ofDisruptionBudgets: readonly Column[] = [
  column<DisruptionBudget>('Min Available', ({ spec }) => spec.minAvailable ?? 'N/A'),
  column<DisruptionBudget>('Max Unavailable', ({ spec }) => spec.maxUnavailable ?? 'N/A'),
  column<DisruptionBudget>('Allowed Disruptions', ({ status }) => status.disruptionsAllowed ?? 0),
];

interface Autoscaler extends KubeObject {
  readonly spec: {
    readonly scaleTargetRef: { readonly kind: string; readonly name: string };
    readonly minReplicas: number;
    readonly maxReplicas: number;
  };
  readonly status: { readonly currentReplicas?: number };
}

const ofAutoscalers: readonly Column[] = [
  column<Autoscaler>('Reference', ({ spec: { scaleTargetRef } }) => `${scaleTargetRef.kind}/${scaleTargetRef.name}`),
  column<Autoscaler>('MinPods', ({ spec }) => spec.minReplicas),
  column<Autoscaler>('MaxPods', ({ spec }) => spec.maxReplicas),
  column<Autoscaler>('Replicas', ({ status }) => status.currentReplicas ?? 0),
];

/** The columns of workloads and of what governs them, beside name and age. */
export const workloadColumns: ReadonlyMap<Resource, Columns> = new Map<Resource, Columns>([
  [resources.deployments, { before: ofDeployments, after: [...containers, selector] }],
  [resources.replicaSets, { before: ofReplicaSets, after: [...containers, selector] }],
  [resources.statefulSets, { before: ofStatefulSets, after: containers }],
  [resources.daemonSets, { before: ofDaemonSets, after: [...containers, selector] }],
  [resources.controllerRevisions, { before: ofRevisions }],
  [resources.disruptionBudgets, { before: ofDisruptionBudgets }],
  [resources.autoscalers, { before: ofAutoscalers }],
]);

const selectorText = ({ matchLabels = {} }: LabelSelector): string => labelText(matchLabels);

const labelText = (labels: StringMap): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join() || '<none>';
