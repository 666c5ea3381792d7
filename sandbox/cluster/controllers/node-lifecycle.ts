import type { Node } from '../model/node-fit.ts';
import { resources } from '../model/resource.ts';
import type { Pod } from '../model/workload-objects.ts';
import { targetOf } from '../registry/registry.ts';
import { type ControlPlane, controllerManager } from './control-plane.ts';

const unreachable = 'node.kubernetes.io/unreachable';

/**
 * What the node lifecycle controller does once a kubelet has been silent for too long: it taints the node, and
 * `MarkPodsNotReady` sets Ready to False, without a reason, on the node's pods that were ready. Nobody is evicted here.
 */
export const markUnreachable = (plane: ControlPlane, name: string): void => {
  const { registry, clock } = plane;
  taint(plane, name, [
    { key: unreachable, effect: 'NoSchedule' },
    { key: unreachable, effect: 'NoExecute' },
  ]);
  for (const pod of registry.list(resources.pods, '') as unknown as readonly Pod[]) {
    const { conditions = [] } = pod.status;
    if (pod.spec.nodeName !== name || !conditions.some(isReady)) continue;
    const marked = conditions.map((condition) =>
      isReady(condition)
        ? { ...condition, status: 'False' as const, lastTransitionTime: clock.timestamp() }
        : condition,
    );
    registry.update(
      targetOf(resources.pods, pod),
      (current) => ({ ...current, status: { ...(current as Pod).status, conditions: marked } }),
      { ...controllerManager, subresource: 'status' },
    );
  }
};

/** What it does once the kubelet speaks again. */
export const markReachable = (plane: ControlPlane, name: string): void => taint(plane, name, []);

const taint = ({ registry }: ControlPlane, name: string, taints: NonNullable<Node['spec']['taints']>): void => {
  registry.update(
    { resource: resources.nodes, namespace: '', name },
    (current) => {
      const { spec } = current as Node;
      const others = (spec.taints ?? []).filter(({ key }) => key !== unreachable);
      return { ...current, spec: { ...spec, taints: [...others, ...taints] } };
    },
    controllerManager,
  );
};

const isReady = ({ type, status }: { readonly type: string; readonly status: string }): boolean =>
  type === 'Ready' && status === 'True';
