import { setTimeout as pause } from 'node:timers/promises';
import type { EmbeddedCluster } from '../cluster/embedded-cluster.ts';
import type { Machinery } from './machinery.ts';

const registry = 'registry.rollkey.test';

/** The embedded cluster's: everything is said in the words of the bed. */
export function embeddedMachinery(cluster: EmbeddedCluster): Machinery {
  return {
    publish: async (repository, release, failures = 0) => {
      const image = `${registry}/${repository}:${release}`;
      cluster.images.set(image, { behaviour: { does: 'serve' } });
      const attempt = `failed to pull and unpack image "${image}": failed to resolve reference "${image}"`;
      const refusal = `pulling from host 198.51.100.1:5000 failed with status code [manifests ${release}]`;
      cluster.images.failPulls(image, failures, `${attempt}: ${refusal}: 503 Service Unavailable`);
      return image;
    },
    absentImage: async (repository) => `${registry}/${repository}:9.9`,
    addNode: async (name) => cluster.addNode(name),
    stopNode: async (name) => {
      cluster.stopNode(name);
      return async () => cluster.startNode(name);
    },
    restartControllers: async () => {
      cluster.controllers.pause();
      await pause(100);
      cluster.controllers.resume();
    },
    addWebhook: async (namespace, timeOuts) => {
      const call = 'Post "https://198.51.100.1:8443/?timeout=1s": context deadline exceeded';
      const message = `failed calling webhook "slow.rollkey.test": failed to call webhook: ${call}`;
      cluster.failWebhook(namespace, timeOuts, message);
    },
  };
}
