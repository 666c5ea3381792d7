import { POD_TEMPLATE_HASH } from '../../src/rollout/marks.ts';
import type { ContainerStatus, Deployment, Pod, ReplicaSet } from '../../src/rollout/objects.ts';

/** The one new pod of a release that fails. */
export function failingPod({ metadata: { name, namespace } }: ReplicaSet, status: ContainerStatus): Pod {
  const metadata = { name: `${name}-x`, namespace, uid: `${name}-x`, resourceVersion: '1' };
  const conditions = [{ type: 'Ready', status: 'False' }] as const;
  return { metadata, status: { phase: 'Running', conditions, containerStatuses: [status] } };
}

/** A Deployment's new ReplicaSet. */
export function draft(
  { metadata: { name, uid }, spec: { template } }: Deployment,
  number: number,
  hash: string,
): ReplicaSet {
  const labels = { ...template.metadata?.labels, [POD_TEMPLATE_HASH]: hash };
  return {
    metadata: {
      ...{ name: `${name}-${number}`, namespace: 'shop', uid: `${name}-set-${number}`, resourceVersion: hash, labels },
      creationTimestamp: '2026-11-21T12:00:00Z',
      ownerReferences: [{ kind: 'Deployment', name, uid, controller: true }],
    },
    spec: { template: { ...template, metadata: { ...template.metadata, labels } } },
  };
}
