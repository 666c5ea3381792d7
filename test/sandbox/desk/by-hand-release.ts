import type { Desk } from '../../../sandbox/desk/desk.ts';
import { installHealthy, type PlayedRelease } from '../../../sandbox/desk/played-release.ts';
import { webImage } from '../../../sandbox/desk/test-cluster.ts';

/** Plays a release with kubectl in the action's place; resolves when what happens meanwhile has happened. */
export async function rollByHand(desk: Desk, release: PlayedRelease): Promise<void> {
  await installHealthy(desk, release);
  const lines = (await release.images?.(desk)) ?? `web=${webImage('1.1')}`;
  await release.spoil?.(desk);
  const containers = lines.split('\n').map((line) => {
    const [name = '', image = ''] = line.split('=');
    return { name, image };
  });
  const spec = {
    containers: containers.filter(({ name }) => name === 'web'),
    initContainers: containers.filter(({ name }) => name !== 'web'),
  };
  await desk.byHand.patch('web', { spec: { template: { spec } } });
  await release.meanwhile?.(desk);
}

/** All that the cluster says about the release's pods, ReplicaSets and events, as JSON. */
export async function signsOf(desk: Desk): Promise<string> {
  const events = await desk.api.json({ path: `/api/v1/namespaces/${desk.namespace}/events` });
  return JSON.stringify([await desk.pods(), await desk.replicaSets(), events]);
}

/** What shows that a release is bad, by its name: the kubelet's, the scheduler's or the API server's own words. */
export const signs: Readonly<Record<string, RegExp>> = {
  'crash-at-start': /"exitCode":3,.*"reason":"Error"/,
  'dies-after-ten-seconds': /"exitCode":1,.*"reason":"Error"/,
  'exits-without-error': /CrashLoopBackOff.*"exitCode":0|"exitCode":0.*CrashLoopBackOff/,
  'image-not-found': /rpc error: code = NotFound desc = failed to pull and unpack image .*: not found/,
  'registry-unreachable': /dial tcp 127\.0\.0\.1:1: connect: connection refused/,
  'image-name-invalid': /InvalidImageName.*must be lowercase|must be lowercase.*InvalidImageName/,
  'command-not-found': /exec: \\"\/no\/such\/program\\": stat \/no\/such\/program: no such file or directory/,
  'configmap-missing': /configmap \\"settings\\" not found/,
  'key-missing': /couldn't find key colour in ConfigMap [^/]+\/settings/,
  'volume-missing': /MountVolume\.SetUp failed for volume \\"settings\\" : configmap \\"settings\\" not found/,
  'init-container-fails': /containers with incomplete status: \[init\]/,
  'sidecar-crashes': /containers with incomplete status: \[sidecar\]/,
  'out-of-memory': /OOMKilled/,
  'never-ready': /Readiness probe failed: HTTP probe failed with statuscode: 404/,
  'liveness-kills': /Container web failed liveness probe, will be restarted/,
  'quota-exceeded': /forbidden: exceeded quota: pods, requested: pods=1, used: pods=3, limited: pods=3/,
  'admission-denied': /denied request: release 1\.1 is not allowed here/,
  unschedulable: /node\(s\) didn't match Pod's node affinity\/selector/,
  'one-bad-node':
    /Head \\"https:\/\/rollkey\.test\/v2\/web\/manifests\/1\.1-local\\": dial tcp: lookup rollkey\.test on /,
};
