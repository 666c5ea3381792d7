import { programUsers } from './access.ts';
import type { Answer } from './api-request.ts';
import { makeNodeControlGroup } from './control-groups.ts';
import type { Enclosure } from './enclosure.ts';
import { imageArchive } from './images.ts';
import { importImages, isContainerdUp, nodeTaint, type Site, startContainerd, startKubelet } from './node.ts';
import { type Program, waitFor } from './program.ts';

export interface MoreNodes {
  readonly enclosure: Enclosure;
  /** Path of the multi-call binary. */
  readonly bed: string;
  readonly releases: readonly string[];
  readonly get: (path: string) => Promise<Answer>;
  readonly kubeconfigFor: (identity: string) => string;
  /** Takes charge of what is started, so that it is waited for when the bed stops. */
  readonly keep: (program: Program) => void;
}

/**
 * Adds nodes to a bed, once each by name, and resolves when they are ready. They are tainted with their name
 * (`rollkey.test/node`), and have every image but those of the fault `local`. One that is stopped has no kubelet until
 * it is started again: its containers run on, and after 50 s the controllers hold it for dead.
 */
export function createMoreNodes(bed: MoreNodes): {
  readonly add: (name: string) => Promise<void>;
  readonly stop: (name: string) => Promise<() => Promise<void>>;
} {
  const nodes = new Map<string, Promise<Node>>();
  return {
    add: async (name) => {
      const known = nodes.get(name) ?? addNode(bed, { place: bed.enclosure, name, number: nodes.size + 1 });
      nodes.set(name, known);
      await known;
    },
    stop: async (name) => {
      const node = await nodes.get(name);
      if (!node) throw new Error(`the bed has added no node ${name}`);
      await node.kubelet.stop();
      await waitFor(`the end of the node ${name}`, 120_000, () => isDead(bed.get, name), [node.containerd]);
      return async () => {
        const kubelet = await startNode(bed, node.site, node.containerd);
        nodes.set(name, Promise.resolve({ ...node, kubelet }));
      };
    },
  };
}

interface Node {
  readonly site: Site;
  readonly containerd: Program;
  readonly kubelet: Program;
}

async function addNode(bed: MoreNodes, site: Site): Promise<Node> {
  makeNodeControlGroup(bed.enclosure.folder, site.name);
  const containerd = startContainerd(site);
  bed.keep(containerd);
  await waitFor('the start of containerd', 60_000, () => isContainerdUp(site), [containerd]);
  await importImages(site, imageArchive({ releases: bed.releases, without: ['local'] }));
  return { site, containerd, kubelet: await startNode(bed, site, containerd) };
}

/** Starts a node's kubelet, and resolves when the node is ready. */
async function startNode(
  { enclosure, bed, get, kubeconfigFor, keep }: MoreNodes,
  site: Site,
  containerd: Program,
): Promise<Program> {
  const kubelet = startKubelet(site, bed, kubeconfigFor(programUsers.node), enclosure.address);
  keep(kubelet);
  await waitFor(`the node ${site.name}`, 120_000, () => isReady(get, site.name), [containerd, kubelet]);
  return kubelet;
}

/** Whether the controllers hold it for dead, and no pod is ready there any more. */
async function isDead(get: MoreNodes['get'], name: string): Promise<boolean> {
  const [node, pods] = await Promise.all([
    get(`/api/v1/nodes/${name}`),
    get(`/api/v1/pods?fieldSelector=spec.nodeName%3D${name}`),
  ]);
  const { spec, status } = JSON.parse(node.body) as NodeObject;
  const { items } = JSON.parse(pods.body) as { readonly items: readonly Pick<NodeObject, 'status'>[] };
  const tainted = (spec.taints ?? []).filter(({ key }) => key === 'node.kubernetes.io/unreachable').length === 2;
  return tainted && !isTrue(status) && !items.some((pod) => isTrue(pod.status));
}

/** Ready, and with no taint but its own. */
async function isReady(get: MoreNodes['get'], name: string): Promise<boolean> {
  const { status: code, body } = await get(`/api/v1/nodes/${name}`);
  if (code !== 200) return false;
  const { spec, status } = JSON.parse(body) as NodeObject;
  return isTrue(status) && (spec.taints ?? []).every(({ key }) => key === nodeTaint);
}

function isTrue({ conditions = [] }: NodeObject['status']): boolean {
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

interface NodeObject {
  readonly spec: { readonly taints?: readonly { readonly key: string }[] };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}
