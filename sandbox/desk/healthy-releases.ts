import { setTimeout as pause } from 'node:timers/promises';
import type { Desk } from './desk.ts';
import { eventually, PATIENT } from './eventually.ts';
import { type PlayedRelease, scaled } from './played-release.ts';
import { webImage } from './test-cluster.ts';
import { onTwoNodes } from './two-nodes.ts';

const atOnce = { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '100%', maxUnavailable: 0 } } };

/** A place where a container remembers that it has been there before. */
const state = {
  podSpec: { volumes: [{ name: 'state', emptyDir: {} }] },
  container: { volumeMounts: [{ name: 'state', mountPath: '/state' }] },
};

const token = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token' } } as const;

/** Waits until the rollout is in its midst: what comes when it is over shows nothing. */
async function midway(desk: Desk): Promise<void> {
  await pause(scaled(desk, 2_000));
  const { metadata, status, spec } = await desk.deployment();
  const isSeen = status.observedGeneration === metadata.generation;
  if (isSeen && status.updatedReplicas === spec.replicas && status.replicas === spec.replicas)
    throw new Error('the rollout was over before it could be disturbed');
}

/** Pods that take some seconds each, so that there is a time while the rollout runs. */
const unhurried: Pick<PlayedRelease, 'prepare' | 'images'> = {
  prepare: async () => ({ container: { env: [{ name: 'AFTER_S', value: '3' }] } }),
  images: () => `web=${webImage('1.1', 'slow')}`,
};

/** Every release that only looks bad for a while: none may be taken back. */
export const healthyReleases: readonly PlayedRelease[] = [
  {
    name: 'slow-start',
    prepare: async () => ({ spec: atOnce }),
    images: () => `web=${webImage('1.1', 'slow')}`,
    timeout: '4m',
  },
  { name: 'readiness-flaps', images: () => `web=${webImage('1.1', 'flaps')}`, timeout: '4m' },
  { name: 'one-restart', prepare: async () => state, images: () => `web=${webImage('1.1', 'once')}` },
  {
    name: 'two-crashes-then-fine',
    prepare: async () => state,
    images: () => `web=${webImage('1.1', 'twice')}`,
    timeout: '4m',
  },
  {
    name: 'pull-fails-twice',
    prepare: async () => ({ spec: atOnce }),
    // Each of the three pods fails twice.
    images: async ({ cluster, namespace }) => `web=${await cluster.machinery?.publish(`${namespace}/web`, '1.1', 6)}`,
    needsMachinery: true,
  },
  {
    name: 'secret-appears-late',
    prepare: async (desk) => {
      await desk.apply({ ...token, stringData: { TOKEN: 'one' } });
      return { container: { envFrom: [{ secretRef: { name: 'token' } }] } };
    },
    spoil: (desk) => desk.surroundings.remove(token, 'token'),
    meanwhile: async (desk) => {
      const missed = async () => JSON.stringify(await desk.pods()).includes('secret \\"token\\" not found');
      await eventually('a pod that misses its secret', missed, PATIENT);
      await desk.apply({ ...token, stringData: { TOKEN: 'two' } });
    },
  },
  {
    name: 'node-comes-late',
    prepare: async ({ surroundings }) => {
      await surroundings.openNodes(true);
      return { podSpec: { nodeSelector: surroundings.nodeSelector } };
    },
    spoil: ({ surroundings }) => surroundings.openNodes(false),
    meanwhile: async (desk) => {
      await pause(scaled(desk, 20_000));
      await desk.surroundings.openNodes(true);
    },
    needsMachinery: true,
  },
  {
    name: 'node-drained',
    prepare: async (desk) => ({
      ...(await onTwoNodes(desk, 'drained-node')),
      ...(await unhurried.prepare?.(desk)),
    }),
    images: () => `web=${webImage('1.1', 'slow')}`,
    meanwhile: async (desk) => {
      await midway(desk);
      await desk.surroundings.drain('drained-node');
    },
    needsMachinery: true,
  },
  {
    name: 'webhook-times-out-twice',
    spoil: async ({ cluster, namespace }) => cluster.machinery?.addWebhook(namespace, 2),
    needsMachinery: true,
  },
  {
    name: 'autoscaled',
    ...unhurried,
    meanwhile: async (desk) => {
      await midway(desk);
      await desk.byHand.scale('web', 5);
    },
  },
  {
    name: 'controllers-restarted',
    ...unhurried,
    meanwhile: async (desk) => {
      await midway(desk);
      await desk.cluster.machinery?.restartControllers();
    },
    needsMachinery: true,
  },
  { name: 'watch-cut', ...unhurried, kubeconfig: (desk) => desk.kubeconfigCut(scaled(desk, 2_000)) },
];
