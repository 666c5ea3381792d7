import { type Revision, revisionsOf } from '../../src/rollout/history.ts';
import { CHANGE_CAUSE, POD_TEMPLATE_HASH, RELEASE_STAMP, REVISION } from '../../src/rollout/marks.ts';
import type { Deployment, PodTemplate, ReplicaSet } from '../../src/rollout/objects.ts';

/** What distinguishes one revision of a workload from another. */
export interface Made {
  readonly image?: string;
  readonly stamp?: string;
  readonly cause?: string;
  /** Any other difference in the template. */
  readonly env?: string;
  /** Its revision's number; its place in the history unless given. */
  readonly number?: number;
  /** Of the hour in which it was made; its number unless given. */
  readonly minute?: number;
}

/** A pod template of one container, `app`. */
export function podTemplate({ image = 'web:1.0', stamp, env }: Made = {}): PodTemplate {
  const variables = env === undefined ? {} : { env: [{ name: 'MODE', value: env }] };
  return {
    metadata: { labels: { app: 'web' }, ...(stamp !== undefined && { annotations: { [RELEASE_STAMP]: stamp } }) },
    spec: { containers: [{ name: 'app', image, ...variables }] },
  };
}

/** The ReplicaSet that the controller makes for a template: `web-<number>`, with the uid `uid-<number>`. */
export function replicaSetOf(made: Made, number: number, pods = 0): ReplicaSet {
  const template = podTemplate(made);
  return {
    metadata: {
      name: `web-${number}`,
      namespace: 'shop',
      uid: `uid-${number}`,
      resourceVersion: String(number),
      creationTimestamp: `2026-11-21T10:${String(made.minute ?? number).padStart(2, '0')}:00Z`,
      labels: { app: 'web', [POD_TEMPLATE_HASH]: `hash${number}` },
      annotations: { [REVISION]: String(number), ...(made.cause !== undefined && { [CHANGE_CAUSE]: made.cause }) },
      ownerReferences: [{ kind: 'Deployment', name: 'web', uid: 'deployment-uid', controller: true }],
    },
    spec: {
      replicas: pods,
      template: {
        ...template,
        metadata: { ...template.metadata, labels: { app: 'web', [POD_TEMPLATE_HASH]: `hash${number}` } },
      },
    },
    status: { replicas: pods, readyReplicas: pods, availableReplicas: pods },
  };
}

/** A Deployment `shop/web` of two pods, complete on a template. */
export function deploymentOf(made: Made, spec: Partial<Deployment['spec']> = {}): Deployment {
  const replicas = spec.replicas ?? 2;
  return {
    metadata: {
      name: 'web',
      namespace: 'shop',
      uid: 'deployment-uid',
      resourceVersion: '100',
      generation: 3,
      annotations: made.cause === undefined ? {} : { [CHANGE_CAUSE]: made.cause },
    },
    spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: podTemplate(made), ...spec },
    status: { observedGeneration: 3, replicas, updatedReplicas: replicas, availableReplicas: replicas },
  };
}

/** A complete workload with one revision for each of `history`, oldest first; the last one is live. */
export function workloadOf(history: readonly Made[], spec: Partial<Deployment['spec']> = {}) {
  const live = history.at(-1) ?? {};
  const deployment = deploymentOf(live, spec);
  const pods = deployment.spec.replicas ?? 1;
  const replicaSets = history.map((made, index) =>
    replicaSetOf(made, made.number ?? index + 1, made === live ? pods : 0),
  );
  const revisions: readonly Revision[] = revisionsOf(deployment, replicaSets);
  return { deployment, replicaSets, revisions };
}
