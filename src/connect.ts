import { createClock } from './clock.ts';
import { createClusterClient } from './cluster/cluster-client.ts';
import { loadKubeconfig } from './cluster/kubeconfig.ts';
import { writeKubeconfig } from './cluster/kubeconfig-file.ts';
import { errorMessage, GitHubError } from './errors.ts';
import { BLOCKS_STATE, KUBECONFIG_STATE, RETURNING_STATE, type Runner } from './github/runner.ts';
import { secretsOf } from './inputs/check-secrets.ts';
import type { ClusterInputs } from './inputs/read-inputs.ts';
import type { Gate } from './ports.ts';
import type { Connected } from './run/train.ts';
import { VERSION } from './version.ts';

/** Builds the real adapters for the cluster that the inputs name. Throws InputError and ClusterError. */
export async function connect({ kubeconfig, context }: ClusterInputs, runner: Runner): Promise<Connected> {
  const { log, environment } = runner;
  const written = kubeconfig.trim() === '' ? {} : { KUBECONFIG: await keepKubeconfig(kubeconfig, runner) };
  const secrets: string[] = [];
  const mask = (secret: string) => {
    secrets.push(secret);
    runner.mask(secret);
  };
  const access = await loadKubeconfig({ context, environment: { ...environment, ...written } }, mask);
  const clock = createClock();
  const client = createClusterClient({ access, clock, log, version: VERSION });
  const { cluster, ledgers, services, serviceObjects, close } = client;
  const { interrupt } = runner;
  return {
    ...{ cluster, ledgers, close, clock, log, interrupt, secrets },
    services: serviceObjects,
    namespace: access.namespace,
    checks: async (specs, { refs, ...about }) => {
      if (specs.length === 0) return [];
      secretsOf(specs).forEach(mask);
      // Loaded only here: whoever has no checks does not wait for what they look with.
      const { createChecks } = await import('./checks/create-checks.ts');
      const [namespace = access.namespace] = refs.map((ref) => ref.namespace);
      const deployments = refs.map(({ kind, name }) => (kind === 'deployment' ? name : `${kind}/${name}`));
      return createChecks(specs, { ...about, namespace, deployments, serviceProxy: services, environment });
    },
    remember: (returning) => runner.keep(RETURNING_STATE, listText(returning)),
    rememberBlocks: (owed) => runner.keep(BLOCKS_STATE, listText(owed)),
  };
}

/** The promotion gate; loaded from here on, beside the first reads of the cluster, which do not wait for it. */
export function openGate(token: string, runner: Runner, needs: 'read' | 'write' = 'write'): Gate {
  // Before anything can print it.
  runner.mask(token);
  const opening = import('./connect-gate.ts')
    .then(({ connectGate }) => connectGate(token, runner, needs))
    .catch((error: unknown) => {
      throw error instanceof GitHubError ? error : new GitHubError('rejected', errorMessage(error), { cause: error });
    });
  // Whoever asks it is told.
  opening.catch(() => undefined);
  return {
    read: async (...asked) => (await opening).read(...asked),
    exists: async (...asked) => (await opening).exists(...asked),
    append: async (...said) => (await opening).append(...said),
  };
}

/** Empty for none. */
function listText(list: readonly unknown[]): string {
  return list.length > 0 ? JSON.stringify(list) : '';
}

/** Into a file that only this user can read; the post step removes it. */
async function keepKubeconfig(content: string, runner: Runner): Promise<string> {
  const path = await writeKubeconfig(content, runner.context.temp);
  runner.keep(KUBECONFIG_STATE, path);
  return path;
}
