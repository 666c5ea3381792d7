import type { Bed } from '../bed/bed.ts';
import { registryHost } from '../bed/registry.ts';
import { type ApiAccess, createApiClient } from './api-client.ts';
import type { Machinery } from './machinery.ts';
import { openPodMetrics, type PodMetrics } from './pod-metrics.ts';
import { openSlowWebhook } from './slow-webhook.ts';

/** A bed's: real nodes, a real registry, a real webhook. */
export function bedMachinery(bed: Bed, admin: ApiAccess): Machinery & { readonly close: () => Promise<void> } {
  const api = createApiClient(admin);
  const webhooks: (() => Promise<void>)[] = [];
  let metrics: Promise<PodMetrics> | undefined;
  return {
    publish: async (repository, release, failures = 0) => {
      const registry = await bed.registry();
      registry.failPulls(repository, failures);
      return registry.push(repository, release);
    },
    absentImage: async (repository) => {
      await bed.registry();
      return `${registryHost}/${repository}:9.9`;
    },
    addNode: bed.addNode,
    stopNode: bed.stopNode,
    restartControllers: () => bed.restartControllers(1_000),
    addWebhook: async (namespace, timeOuts) => {
      webhooks.push(await openSlowWebhook(api, bed.machine, namespace, timeOuts));
    },
    load: async (namespace, millicores) => {
      metrics ??= openPodMetrics(api, bed.machine);
      (await metrics).load(namespace, millicores);
    },
    close: async () => {
      await (await metrics)?.close();
      await Promise.all(webhooks.map((close) => close()));
      api.close();
    },
  };
}
