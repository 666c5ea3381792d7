import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import { controlGroupOf } from './control-groups.ts';
import { pauseImage } from './images.ts';
import { enter, flags, type Place, type Program, startProgram } from './program.ts';

/** The name of the bed's first node, the only one unless more are asked for. */
export const nodeName = 'bed';

/** The taint of every node but the first: only pods that tolerate it by the node's name go there. */
export const nodeTaint = 'rollkey.test/node';

/** One node of the bed. All share the bed's namespaces; each has its own folder, containers and network of pods. */
export interface Site {
  readonly place: Place;
  readonly name: string;
  /** 0 for the first node. */
  readonly number: number;
}

/** Starts a node's containerd, on its own network of pods. */
export function startContainerd(site: Site): Program {
  const folder = folderOf(site);
  mkdirSync(join(folder, 'cni'), { recursive: true });
  writeFileSync(join(folder, 'cni', 'bed.conflist'), JSON.stringify(podNetwork(site), null, 2));
  writeFileSync(join(folder, 'containerd.toml'), containerdConfig(site));
  const command = ['containerd', '--config', join(folder, 'containerd.toml')];
  return startProgram(site.place, programName('containerd', site), command);
}

/** Whether a node's containerd answers. */
export function isContainerdUp(site: Site): Promise<boolean> {
  return ctr(site, ['version']).then(
    () => true,
    () => false,
  );
}

/** Puts the images of an archive on a node. */
export async function importImages(site: Site, archive: Buffer): Promise<void> {
  const file = join(folderOf(site), 'images.tar');
  writeFileSync(file, archive);
  await ctr(site, ['--namespace', 'k8s.io', 'images', 'import', file]);
}

/** Starts a node's kubelet, which registers the node. */
export function startKubelet(site: Site, bed: string, kubeconfig: string, address: string): Program {
  const folder = folderOf(site);
  const config = join(folder, 'kubelet.json');
  writeFileSync(config, JSON.stringify(kubeletConfig(site), null, 2));
  const kubeletFlags = {
    kubeconfig,
    config,
    'hostname-override': site.name,
    // Without its address it asks a name server, in vain and for thirty seconds.
    'node-ip': address,
    'root-dir': join(folder, 'kubelet'),
    'cert-dir': join(folder, 'kubelet', 'pki'),
  };
  return startProgram(site.place, programName('kubelet', site), [bed, 'kubelet', ...flags(kubeletFlags)]);
}

/** Where containerd looks up how to reach a registry (containerd, docs/hosts.md). */
export function registriesFolder({ folder }: Place): string {
  return join(folder, 'registries');
}

function folderOf({ place, name, number }: Site): string {
  return number === 0 ? place.folder : join(place.folder, name);
}

function programName(program: string, { name, number }: Site): string {
  return number === 0 ? program : `${program}-${name}`;
}

function ctr(site: Site, argv: readonly string[]): Promise<string> {
  return run('nsenter', enter(site.place.pid, ['ctr', '--address', socket(site), ...argv]));
}

function socket(site: Site): string {
  return join(folderOf(site), 'containerd.sock');
}

function podNetwork(site: Site) {
  const { number } = site;
  const ranges = [[{ subnet: `10.244.${number}.0/24` }]];
  const dataDir = join(folderOf(site), 'addresses');
  const ipam = { type: 'host-local', ranges, routes: [{ dst: '0.0.0.0/0' }], dataDir };
  const bridge = number === 0 ? 'pods' : `pods${number}`;
  return { cniVersion: '0.4.0', name: 'bed', plugins: [{ type: 'bridge', bridge, isGateway: true, ipam }] };
}

function containerdConfig(site: Site): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  const folder = folderOf(site);
  // restrict_oom_score_adj: runc may not lower the score of a container where root lacks CAP_SYS_RESOURCE.
  return `version = 2
root = "${join(folder, 'containerd')}"
state = "/run/${programName('containerd', site)}"
[grpc]
  address = "${socket(site)}"
[${cri}]
  sandbox_image = "${pauseImage}"
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
[${cri}.containerd]
  snapshotter = "overlayfs"
[${cri}.cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "${join(folder, 'cni')}"
[${cri}.registry]
  config_path = "${registriesFolder(site.place)}"
`;
}

function kubeletConfig(site: Site) {
  const { place, name, number } = site;
  const folder = folderOf(site);
  const taint = { key: nodeTaint, value: name, effect: 'NoSchedule' };
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    port: 10_250 + 100 * number,
    healthzPort: 10_248 + 100 * number,
    ...(number > 0 && { registerWithTaints: [taint] }),
    // Reachable from inside the bed only.
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    containerRuntimeEndpoint: `unix://${socket(site)}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: number === 0 ? controlGroupOf(place.folder) : `${controlGroupOf(place.folder)}/${name}`,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    localStorageCapacityIsolation: false,
    makeIPTablesUtilChains: false,
    // A disk that is nearly full on the machine is no reason to evict a test's pods.
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    // Named only so that the kubelet does not put a MissingClusterDNS event on every pod.
    clusterDNS: ['10.96.0.10'],
    clusterDomain: 'cluster.local',
    podLogsDir: join(folder, 'pods'),
    volumePluginDir: join(folder, 'volume-plugins'),
    maxPods: 250,
    logging: { format: 'text' },
  };
}
