import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Identity, programUsers } from './access.ts';
import type { Answer } from './api-request.ts';
import type { Binary } from './binary.ts';
import type { Certificates } from './certificates.ts';
import { startApiServer, startControllerManager, startScheduler } from './control-plane.ts';
import type { Enclosure } from './enclosure.ts';
import { imageArchive } from './images.ts';
import { importImages, isContainerdUp, nodeName, registriesFolder, startContainerd, startKubelet } from './node.ts';
import { type Program, waitFor } from './program.ts';

export interface Start {
  readonly enclosure: Enclosure;
  readonly binary: Binary;
  readonly certificates: Certificates;
  readonly identities: readonly Identity[];
  readonly releases: readonly string[];
  /** GETs a path of the API server as the admin. */
  readonly get: (path: string) => Promise<Answer>;
  readonly kubeconfigFor: (identity: string) => string;
}

/** Starts a bed's programs in the order of their needs, until its node is ready and its images are there. */
export async function startPrograms(start: Start): Promise<readonly Program[]> {
  const { enclosure, binary, certificates, get, kubeconfigFor } = start;
  const auditLog = join(enclosure.folder, 'audit.log');
  mkdirSync(join(enclosure.folder, 'logs'));
  mkdirSync(registriesFolder(enclosure));
  const site = { place: enclosure, name: nodeName, number: 0 };
  const containerd = startContainerd(site);
  const core = startApiServer({ ...start, place: enclosure, bed: binary.bed, address: enclosure.address, auditLog });
  const images = waitFor('the start of containerd', 60_000, () => isContainerdUp(site), [containerd]).then(() =>
    importImages(site, imageArchive({ releases: start.releases })),
  );
  const served = waitFor('the start of the API server', 120_000, () => isReady(get), core);
  await Promise.all([images, served]);
  const controllers = startControllerManager(enclosure, binary.bed, kubeconfigFor, certificates);
  const scheduler = startScheduler(enclosure, binary.bed, kubeconfigFor);
  const kubelet = startKubelet(site, binary.bed, kubeconfigFor(programUsers.node), enclosure.address);
  const programs = [containerd, ...core, controllers, scheduler, kubelet];
  await waitFor('the node', 120_000, () => isNodeReady(get), programs);
  return programs;
}

async function isReady(get: Start['get']): Promise<boolean> {
  const answer = await get('/readyz').catch(() => undefined);
  return answer?.status === 200;
}

/** Ready, no longer tainted as new, and the namespace `default` able to have pods. */
async function isNodeReady(get: Start['get']): Promise<boolean> {
  const [node, account] = await Promise.all([
    get(`/api/v1/nodes/${nodeName}`),
    get('/api/v1/namespaces/default/serviceaccounts/default'),
  ]);
  if (node.status !== 200 || account.status !== 200) return false;
  const { spec, status } = JSON.parse(node.body) as NodeObject;
  const ready = status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True');
  return ready === true && (spec.taints ?? []).length === 0;
}

interface NodeObject {
  readonly spec: { readonly taints?: readonly unknown[] };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}
