import type { Deployment, ReplicaSet } from '../cluster/model/workload-objects.ts';
import type { ApiClient, ApiRequest } from './api-client.ts';

/** Changes to a Deployment as people make them with kubectl: the same requests under the same names. */
export interface ByHand {
  readonly setImage: (deployment: string, image: string, container?: string) => Promise<Deployment>;
  readonly annotate: (deployment: string, annotations: Readonly<Record<string, string>>) => Promise<Deployment>;
  readonly scale: (deployment: string, replicas: number) => Promise<void>;
  readonly pause: (deployment: string) => Promise<Deployment>;
  readonly restart: (deployment: string) => Promise<Deployment>;
  /** `kubectl rollout undo`, to the revision before unless one is named. */
  readonly undo: (deployment: string, toRevision?: number) => Promise<Deployment>;
  /** Any strategic merge patch, as `kubectl patch` sends it. */
  readonly patch: (deployment: string, patch: object) => Promise<Deployment>;
  readonly remove: (deployment: string) => Promise<void>;
}

const userAgent = 'kubectl/v1.35.4 (linux/amd64) kubernetes/sandbox';
const strategic = 'application/strategic-merge-patch+json';
const merge = 'application/merge-patch+json';
const revision = 'deployment.kubernetes.io/revision';
const hash = 'pod-template-hash';

/** What an undo leaves as the Deployment has it (kubectl, pkg/polymorphichelpers/rollback.go). */
const kept = [
  'kubectl.kubernetes.io/last-applied-configuration',
  revision,
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
];

/** kubectl's changes to the Deployments of a namespace. */
export function createByHand(api: ApiClient, namespace: string): ByHand {
  const pathOf = (deployment: string) => `/apis/apps/v1/namespaces/${namespace}/deployments/${deployment}`;
  const patch = (deployment: string, manager: string, contentType: string, body: unknown) =>
    api.json<Deployment>({
      method: 'PATCH',
      path: `${pathOf(deployment)}?fieldManager=${manager}`,
      ...{ body, contentType, userAgent },
    });
  const strategicPatch = (deployment: string, manager: string, spec: object) =>
    patch(deployment, manager, strategic, { spec });
  return {
    setImage: (deployment, image, name = 'web') => {
      const containers = { '$setElementOrder/containers': [{ name }], containers: [{ image, name }] };
      return strategicPatch(deployment, 'kubectl-set', { template: { spec: containers } });
    },
    annotate: (deployment, annotations) => patch(deployment, 'kubectl-annotate', merge, { metadata: { annotations } }),
    scale: async (deployment, replicas) => {
      const path = `${pathOf(deployment)}/scale?fieldManager=kubectl`;
      await api.json({ method: 'PATCH', path, body: { spec: { replicas } }, contentType: merge, userAgent });
    },
    pause: (deployment) => strategicPatch(deployment, 'kubectl-rollout', { paused: true }),
    restart: (deployment) => {
      const annotations = { 'kubectl.kubernetes.io/restartedAt': new Date().toISOString() };
      return strategicPatch(deployment, 'kubectl-rollout', { template: { metadata: { annotations } } });
    },
    undo: async (deployment, toRevision) => {
      const path = pathOf(deployment);
      const operations = await undoPatch(api, namespace, await api.json<Deployment>({ path }), toRevision);
      const request: ApiRequest = { method: 'PATCH', path, body: operations, userAgent };
      return api.json<Deployment>({ ...request, contentType: 'application/json-patch+json' });
    },
    patch: (deployment, body) => patch(deployment, 'kubectl-patch', strategic, body),
    remove: async (deployment) => {
      const body = { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' };
      await api.json({ method: 'DELETE', path: pathOf(deployment), body, userAgent });
    },
  };
}

async function undoPatch(api: ApiClient, namespace: string, { metadata, spec }: Deployment, toRevision?: number) {
  const labels = Object.entries(spec.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const path = `/apis/apps/v1/namespaces/${namespace}/replicasets?labelSelector=${encodeURIComponent(labels.join(','))}`;
  const { items } = await api.json<{ readonly items: readonly ReplicaSet[] }>({ path });
  const owned = items
    .filter((item) => item.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid))
    .sort((a, b) => numberOf(b) - numberOf(a));
  const target = toRevision === undefined ? owned[1] : owned.find((item) => numberOf(item) === toRevision);
  if (!target) throw new Error(`unable to find specified revision ${toRevision} in history`);
  const { [hash]: _hash, ...templateLabels } = target.spec.template.metadata?.labels ?? {};
  const { template } = target.spec;
  return [
    {
      op: 'replace',
      path: '/spec/template',
      value: { ...template, metadata: { ...template.metadata, labels: templateLabels } },
    },
    {
      op: 'replace',
      path: '/metadata/annotations',
      value: {
        ...select(metadata.annotations, (key) => kept.includes(key)),
        ...select(target.metadata.annotations, (key) => !kept.includes(key)),
      },
    },
  ];
}

function numberOf({ metadata }: ReplicaSet): number {
  return Number(metadata.annotations?.[revision] ?? 0);
}

function select(annotations: Readonly<Record<string, string>> = {}, wanted: (key: string) => boolean) {
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => wanted(key)));
}
