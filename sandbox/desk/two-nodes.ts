import type { Desk } from './desk.ts';
import type { WebWorkload } from './web-workload.ts';

/** A workload whose pods spread evenly over the first node and one more, which is added where it is not there yet. */
export async function onTwoNodes(desk: Desk, node: string): Promise<Partial<WebWorkload>> {
  await desk.cluster.machinery?.addNode(node);
  const tolerations = [{ key: 'rollkey.test/node', operator: 'Equal', value: node, effect: 'NoSchedule' }];
  const spread = {
    maxSkew: 1,
    topologyKey: 'kubernetes.io/hostname',
    whenUnsatisfiable: 'DoNotSchedule',
    // Else nodes that these pods may not go to would count as empty ones.
    nodeTaintsPolicy: 'Honor',
    labelSelector: { matchLabels: { app: 'web' } },
    matchLabelKeys: ['pod-template-hash'],
  };
  return { podSpec: { tolerations, topologySpreadConstraints: [spread] } };
}
