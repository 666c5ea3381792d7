import type { Deployment, ReplicaSet } from '../model/workload-objects.ts';
import type { ControlPlane } from './control-plane.ts';
import { controllerReference } from './ownership.ts';
import { newReplicaCount } from './replica-counts.ts';
import { replicaAnnotations } from './replica-set-writes.ts';
import { copiedAnnotations, maxRevision, renumbered } from './revisions.ts';
import { hashLabel, withHash } from './template-hash.ts';

/** The ReplicaSet of a template that has none yet, with the next revision and as many replicas as may run now. */
export const draftReplicaSet = (plane: ControlPlane, deployment: Deployment, sets: readonly ReplicaSet[]) => {
  const { metadata, spec } = deployment;
  const { name } = metadata;
  const hash = plane.templateHash(spec.template, deployment.status.collisionCount ?? 0);
  return {
    metadata: {
      name: `${name}-${hash}`,
      labels: { ...spec.template.metadata?.labels, [hashLabel]: hash },
      annotations: {
        ...renumbered(copiedAnnotations(deployment), maxRevision(sets) + 1),
        ...replicaAnnotations(deployment),
      },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas: newReplicaCount(deployment, sets, 0),
      ...(spec.minReadySeconds ? { minReadySeconds: spec.minReadySeconds } : {}),
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [hashLabel]: hash } },
      template: withHash(spec.template, hash),
    },
  };
};
