import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';
import { controlGroupOf } from './control-groups.ts';
import { pauseImage } from './images.ts';
import { enter, flags, type Place, type Program, startProgram } from './program.ts';

/** The name of the bed's only node. */
export const nodeName = 'bed';

/** Starts containerd in the bed's folder, on the bed's own network of pods. */
export function startContainerd(place: Place): Program {
  const { folder } = place;
  mkdirSync(join(folder, 'cni'));
  writeFileSync(join(folder, 'cni', 'bed.conflist'), JSON.stringify(podNetwork(folder), null, 2));
  writeFileSync(join(folder, 'containerd.toml'), containerdConfig(folder));
  return startProgram(place, 'containerd', ['containerd', '--config', join(folder, 'containerd.toml')]);
}

/** Whether containerd answers. */
export function isContainerdUp(place: Place): Promise<boolean> {
  return ctr(place, ['version']).then(
    () => true,
    () => false,
  );
}

/** Puts the images of an archive on the node. */
export async function importImages(place: Place, archive: Buffer): Promise<void> {
  const file = join(place.folder, 'images.tar');
  writeFileSync(file, archive);
  await ctr(place, ['--namespace', 'k8s.io', 'images', 'import', file]);
}

/** Starts the kubelet, which registers the node. */
export function startKubelet(place: Place, bed: string, kubeconfig: string, address: string): Program {
  const config = join(place.folder, 'kubelet.json');
  writeFileSync(config, JSON.stringify(kubeletConfig(place.folder), null, 2));
  const kubeletFlags = {
    kubeconfig,
    config,
    'hostname-override': nodeName,
    // Without its address it asks a name server, in vain and for thirty seconds.
    'node-ip': address,
    'root-dir': join(place.folder, 'kubelet'),
    'cert-dir': join(place.folder, 'kubelet', 'pki'),
  };
  return startProgram(place, 'kubelet', [bed, 'kubelet', ...flags(kubeletFlags)]);
}

function ctr(place: Place, argv: readonly string[]): Promise<string> {
  return run('nsenter', enter(place.pid, ['ctr', '--address', socket(place.folder), ...argv]));
}

function socket(folder: string): string {
  return join(folder, 'containerd.sock');
}

function podNetwork(folder: string) {
  const ranges = [[{ subnet: '10.244.0.0/24' }]];
  const ipam = { type: 'host-local', ranges, routes: [{ dst: '0.0.0.0/0' }], dataDir: join(folder, 'addresses') };
  return { cniVersion: '0.4.0', name: 'bed', plugins: [{ type: 'bridge', bridge: 'pods', isGateway: true, ipam }] };
}

function containerdConfig(folder: string): string {
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  // restrict_oom_score_adj: runc may not lower the score of a container where root lacks CAP_SYS_RESOURCE.
  return `version = 2
root = "${join(folder, 'containerd')}"
state = "/run/containerd"
[grpc]
  address = "${socket(folder)}"
[${cri}]
  sandbox_image = "${pauseImage}"
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
[${cri}.containerd]
  snapshotter = "overlayfs"
[${cri}.cni]
  bin_dir = "/usr/lib/cni"
  conf_dir = "${join(folder, 'cni')}"
`;
}

function kubeletConfig(folder: string) {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    // Reachable from inside the bed only.
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    containerRuntimeEndpoint: `unix://${socket(folder)}`,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: controlGroupOf(folder),
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
