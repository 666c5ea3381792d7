import type { CauseCode } from '../../src/verdict/cause.ts';
import type { Fault } from '../bed/web-commands.ts';
import type { Desk } from './desk.ts';
import type { PlayedRelease } from './played-release.ts';
import { missingImage, webImage } from './test-cluster.ts';
import { onTwoNodes } from './two-nodes.ts';

/** A release that must not stay. */
export interface BadRelease extends PlayedRelease {
  /** What it may be said to fail by. */
  readonly causes: readonly CauseCode[];
}

const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } } as const;
const atOnce = { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '100%', maxUnavailable: 0 } } };
const withImage = (fault: Fault) => () => `web=${webImage('1.1', fault)}`;

async function withSettings(desk: Desk): Promise<void> {
  await desk.apply({ ...settings, data: { colour: 'blue' } });
}

/** The running pods have read it; only new ones miss it. */
async function withoutSettings(desk: Desk): Promise<void> {
  await desk.surroundings.remove(settings, settings.metadata.name);
}

/** Every way in which a release is bad, from issue to kubelet. */
export const badReleases: readonly BadRelease[] = [
  { name: 'crash-at-start', images: withImage('crash'), causes: ['container-crashed'] },
  { name: 'dies-after-ten-seconds', images: withImage('dies'), causes: ['container-crashed'] },
  { name: 'exits-without-error', images: withImage('quits'), causes: ['container-crashed'] },
  {
    name: 'image-not-found',
    images: async (desk) => `web=${await desk.cluster.machinery?.absentImage(`${desk.namespace}/web`)}`,
    needsMachinery: true,
    causes: ['image-not-found'],
  },
  { name: 'registry-unreachable', images: () => `web=${missingImage}`, causes: ['image-not-pulled'] },
  { name: 'image-name-invalid', images: () => 'web=rollkey.test/Web:1.1', causes: ['image-invalid'] },
  { name: 'command-not-found', images: withImage('noexec'), causes: ['container-not-started'] },
  {
    name: 'configmap-missing',
    prepare: async (desk) => {
      await withSettings(desk);
      return { container: { envFrom: [{ configMapRef: { name: 'settings' } }] } };
    },
    spoil: withoutSettings,
    causes: ['config-missing'],
  },
  {
    name: 'key-missing',
    prepare: async (desk) => {
      await withSettings(desk);
      const configMapKeyRef = { name: 'settings', key: 'colour' };
      return { container: { env: [{ name: 'COLOUR', valueFrom: { configMapKeyRef } }] } };
    },
    spoil: async (desk) => {
      await withoutSettings(desk);
      await desk.apply({ ...settings, data: { color: 'blue' } });
    },
    causes: ['config-missing'],
  },
  {
    name: 'volume-missing',
    prepare: async (desk) => {
      await withSettings(desk);
      return {
        podSpec: { volumes: [{ name: 'settings', configMap: { name: 'settings' } }] },
        container: { volumeMounts: [{ name: 'settings', mountPath: '/settings' }] },
      };
    },
    spoil: withoutSettings,
    causes: ['volume-not-mounted'],
  },
  {
    name: 'init-container-fails',
    prepare: async () => ({ podSpec: { initContainers: [{ name: 'init', image: webImage('1.0', 'quits') }] } }),
    images: () => `web=${webImage('1.1')}\ninit=${webImage('1.1', 'crash')}`,
    causes: ['container-crashed'],
  },
  {
    name: 'sidecar-crashes',
    prepare: async () => ({
      podSpec: { initContainers: [{ name: 'sidecar', image: webImage('1.0', 'idles'), restartPolicy: 'Always' }] },
    }),
    images: () => `web=${webImage('1.1')}\nsidecar=${webImage('1.1', 'crash')}`,
    causes: ['container-crashed'],
  },
  {
    name: 'out-of-memory',
    prepare: async () => ({ container: { resources: { limits: { memory: '64Mi' } } } }),
    images: withImage('oom'),
    causes: ['out-of-memory'],
  },
  { name: 'never-ready', images: withImage('unready'), timeout: '30s', causes: ['not-ready'] },
  {
    name: 'liveness-kills',
    prepare: async () => {
      const livenessProbe = { httpGet: { path: '/alive', port: 8080 }, periodSeconds: 1, failureThreshold: 3 };
      return { container: { livenessProbe } };
    },
    images: withImage('hangs'),
    causes: ['container-crashed'],
  },
  { name: 'quota-exceeded', spoil: (desk) => desk.surroundings.limitPods(3), causes: ['quota-exceeded'] },
  {
    name: 'admission-denied',
    spoil: (desk) => desk.surroundings.refuseImage(webImage('1.1'), 'release 1.1 is not allowed here'),
    needsMachinery: true,
    causes: ['admission-denied'],
  },
  {
    name: 'unschedulable',
    prepare: async ({ surroundings }) => {
      await surroundings.openNodes(true);
      return { podSpec: { nodeSelector: surroundings.nodeSelector } };
    },
    spoil: ({ surroundings }) => surroundings.openNodes(false),
    needsMachinery: true,
    timeout: '60s',
    causes: ['unschedulable'],
  },
  {
    name: 'one-bad-node',
    // All at once, so that some are ready on the good node while others fail.
    prepare: async (desk) => ({ ...(await onTwoNodes(desk, 'bad-node')), spec: atOnce }),
    images: withImage('local'),
    needsMachinery: true,
    timeout: '60s',
    causes: ['image-not-pulled', 'not-ready'],
  },
];
