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
 * (`rollkey.test/node`), and have every image but those of the fault `local`.
 */
export function createMoreNodes(bed: MoreNodes): (name: string) => Promise<void> {
  const nodes = new Map<string, Promise<void>>();
  return (name) => {
    const known = nodes.get(name) ?? addNode(bed, { place: bed.enclosure, name, number: nodes.size + 1 });
    nodes.set(name, known);
    return known;
  };
}

async function addNode({ enclosure, bed, releases, get, kubeconfigFor, keep }: MoreNodes, site: Site): Promise<void> {
  makeNodeControlGroup(enclosure.folder, site.name);
  const containerd = startContainerd(site);
  keep(containerd);
  await waitFor('the start of containerd', 60_000, () => isContainerdUp(site), [containerd]);
  await importImages(site, imageArchive({ releases, without: ['local'] }));
  const kubelet = startKubelet(site, bed, kubeconfigFor(programUsers.node), enclosure.address);
  keep(kubelet);
  await waitFor(`the node ${site.name}`, 120_000, () => isReady(get, site.name), [containerd, kubelet]);
}

/** Ready, and with no taint but its own. */
async function isReady(get: MoreNodes['get'], name: string): Promise<boolean> {
  const { status: code, body } = await get(`/api/v1/nodes/${name}`);
  if (code !== 200) return false;
  const { spec, status } = JSON.parse(body) as NodeObject;
  const ready = status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True');
  return ready === true && (spec.taints ?? []).every(({ key }) => key === nodeTaint);
}

interface NodeObject {
  readonly spec: { readonly taints?: readonly { readonly key: string }[] };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}
