import type { Pod } from '../cluster/model/workload-objects.ts';
import type { ApiClient } from './api-client.ts';
import { eventually } from './eventually.ts';
import { applyManifest, collectionOf, type Manifest } from './manifest.ts';
import type { TestCluster } from './test-cluster.ts';

/** What is done to a namespace and to the nodes around its Deployments. Other namespaces notice nothing of it. */
export interface Surroundings {
  /** Deletes an object. */
  readonly remove: (object: Pick<Manifest, 'apiVersion' | 'kind'>, name: string) => Promise<void>;
  /** Allows the namespace so many pods; resolves when it is enforced. */
  readonly limitPods: (count: number) => Promise<void>;
  /** Refuses new pods with an image, by a ValidatingAdmissionPolicy; resolves when it is enforced. */
  readonly refuseImage: (image: string, message: string) => Promise<void>;
  /** What a pod's `nodeSelector` holds that goes where `openNodes` lets it. */
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** Gives the nodes that every pod may go to the label of `nodeSelector`, or takes it from them. */
  readonly openNodes: (open: boolean) => Promise<void>;
  /** Cordons a node and evicts the namespace's pods from it. */
  readonly drain: (node: string) => Promise<void>;
  /** Takes back what outlives the namespace. */
  readonly undo: () => Promise<void>;
}

const merge = 'application/merge-patch+json';
const admission = 'admissionregistration.k8s.io/v1';
const policy = { apiVersion: admission, kind: 'ValidatingAdmissionPolicy' };
const binding = { apiVersion: admission, kind: 'ValidatingAdmissionPolicyBinding' };

/** Surroundings of a namespace. */
export function createSurroundings({ kind }: TestCluster, api: ApiClient, namespace: string): Surroundings {
  const label = `rollkey.test/${namespace}`;
  const core = `/api/v1/namespaces/${namespace}`;
  const undoings: (() => Promise<unknown>)[] = [];
  const remove: Surroundings['remove'] = async (object, name) => {
    await api.json({ method: 'DELETE', path: `${collectionOf(object, namespace)}/${name}` });
  };
  const patchNode = (name: string, body: object) =>
    api.json({ method: 'PATCH', path: `/api/v1/nodes/${name}`, body, contentType: merge });
  const openNodes = async (open: boolean) => {
    const { items } = await api.json<{ readonly items: readonly Node[] }>({ path: '/api/v1/nodes' });
    const common = items.filter(({ spec }) => (spec.taints ?? []).length === 0);
    const metadata = { labels: { [label]: open ? 'open' : null } };
    for (const node of common) await patchNode(node.metadata.name, { metadata });
  };
  return {
    remove,
    limitPods: async (count) => {
      const metadata = { name: 'pods' };
      const spec = { hard: { pods: String(count) } };
      await applyManifest(api, namespace, { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec });
      // The embedded cluster enforces it at once and keeps no count.
      if (kind === 'embedded') return;
      const path = `${core}/resourcequotas/pods`;
      const enforced = async () => {
        const { hard, used } = (await api.json<Quota>({ path })).status ?? {};
        return used !== undefined && hard?.pods === String(count);
      };
      await eventually('the quota', enforced);
    },
    refuseImage: async (image, message) => {
      const name = `refusal-${namespace}`;
      const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
      const expression = `!object.spec.containers.exists(c, c.image == '${image}')`;
      const matchConstraints = { resourceRules: [rule] };
      const spec = { failurePolicy: 'Fail', matchConstraints, validations: [{ expression, message }] };
      await applyManifest(api, namespace, { ...policy, metadata: { name }, spec });
      undoings.push(() => remove(policy, name));
      const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
      const bound = { policyName: name, validationActions: ['Deny'], matchResources: { namespaceSelector } };
      await applyManifest(api, namespace, { ...binding, metadata: { name }, spec: bound });
      undoings.push(() => remove(binding, name));
      const containers = [{ name: 'probe', image }];
      const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'probe' }, spec: { containers } };
      const asked = { method: 'POST', path: `${core}/pods?dryRun=All`, body } as const;
      await eventually('the policy', async () => (await api.send(asked)).text.includes(message));
    },
    nodeSelector: { [label]: 'open' },
    openNodes: async (open) => {
      await openNodes(open);
      undoings.push(() => openNodes(false));
    },
    drain: async (node) => {
      await patchNode(node, { spec: { unschedulable: true } });
      undoings.push(() => patchNode(node, { spec: { unschedulable: null } }));
      const { items } = await api.json<{ readonly items: readonly Pod[] }>({ path: `${core}/pods` });
      const there = items.filter(({ spec }) => spec.nodeName === node);
      if (there.length === 0) throw new Error(`no pod is on ${node} that could be evicted`);
      for (const { metadata } of there) {
        const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: metadata.name } };
        await api.send({ method: 'POST', path: `${core}/pods/${metadata.name}/eviction`, body: eviction });
      }
    },
    undo: async () => {
      for (const undoing of undoings.reverse()) await undoing();
    },
  };
}

interface Node {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly taints?: readonly unknown[] };
}

interface Quota {
  readonly status?: { readonly used?: object; readonly hard?: { readonly pods?: string } };
}
