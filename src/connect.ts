import { createClock } from './clock.ts';
import { createClusterClient } from './cluster/cluster-client.ts';
import { loadKubeconfig } from './cluster/kubeconfig.ts';
import { writeKubeconfig } from './cluster/kubeconfig-file.ts';
import { KUBECONFIG_STATE, type Runner } from './github/runner.ts';
import type { ClusterInputs } from './inputs/read-inputs.ts';
import type { Connected } from './run.ts';
import { VERSION } from './version.ts';

/** Builds the real adapters for the cluster that the inputs name. Throws InputError and ClusterError. */
export async function connect({ kubeconfig, context }: ClusterInputs, runner: Runner): Promise<Connected> {
  const { log, environment } = runner;
  const written = kubeconfig.trim() === '' ? {} : { KUBECONFIG: await keepKubeconfig(kubeconfig, runner) };
  const access = await loadKubeconfig({ context, environment: { ...environment, ...written } }, runner.mask);
  const clock = createClock();
  const { cluster, ledgers, close } = createClusterClient({ access, clock, log, version: VERSION });
  return { cluster, ledgers, close, clock, log, namespace: access.namespace };
}

/** Into a file that only this user can read; the post step removes it. */
async function keepKubeconfig(content: string, runner: Runner): Promise<string> {
  const path = await writeKubeconfig(content, runner.context.temp);
  runner.keep(KUBECONFIG_STATE, path);
  return path;
}
