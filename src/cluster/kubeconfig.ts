import type { Cluster, Context, User } from '@kubernetes/client-node/dist/config_types.js';
import { errorMessage, InputError } from '../errors.ts';
import { environmentProxy } from '../proxy/environment-proxy.ts';
import type { Access } from './connection.ts';
import { openCredentials } from './credentials.ts';
import { parseKubeconfigs } from './kubeconfig-document.ts';
import { secretsOf } from './kubeconfig-secrets.ts';
import { findKubeconfig, type KubeconfigSource } from './kubeconfig-source.ts';
import { oneLine } from './one-line.ts';

/** A context of a kubeconfig, and how to reach its cluster. */
export interface KubeContext extends Access {
  readonly contextName: string;
  /** The context's namespace, `default` where it names none. */
  readonly namespace: string;
  readonly user: string | undefined;
}

interface Kubeconfig {
  readonly clusters: readonly Cluster[];
  readonly users: readonly User[];
  readonly contexts: readonly Context[];
  readonly currentContext: string | undefined;
}

/**
 * Loads the kubeconfig and obtains credentials for one of its contexts; an exec plugin runs here for the first time.
 * `mask` is told every secret before it is used, renewed tokens included. Throws InputError for what the kubeconfig
 * lacks, ClusterError `unauthorized` when its credentials cannot be obtained.
 */
export async function loadKubeconfig(source: KubeconfigSource, mask: (secret: string) => void): Promise<KubeContext> {
  const kubeconfig = await read(source);
  for (const user of kubeconfig.users) secretsOf(user).forEach(mask);

  const context = selectContext(kubeconfig, source.context || kubeconfig.currentContext);
  const cluster = named(
    kubeconfig.clusters,
    context.cluster,
    `cluster "${context.cluster}" of context "${context.name}"`,
  );
  checkServer(cluster);
  const user = context.user
    ? named(kubeconfig.users, context.user, `user "${context.user}" of context "${context.name}"`)
    : undefined;

  return {
    contextName: context.name,
    namespace: context.namespace ?? 'default',
    user: user?.name,
    server: cluster.server,
    proxy: cluster.proxyUrl || environmentProxy(cluster.server, source.environment),
    ...(await openCredentials({ cluster, context, user }, mask)),
  };
}

async function read(source: KubeconfigSource): Promise<Kubeconfig> {
  const found = await findKubeconfig(source);
  const document = found === 'in-cluster' ? undefined : parseKubeconfigs(found);
  const { KubeConfig } = await import('./kubeconfig-library.ts');
  const config = new KubeConfig();
  try {
    if (document === undefined) config.loadFromCluster();
    else config.loadFromString(JSON.stringify(document));
  } catch (error) {
    throw new InputError([`kubeconfig: ${oneLine(errorMessage(error))}; check its content`]);
  }
  return config;
}

function selectContext({ contexts }: Kubeconfig, wanted: string | undefined): Context {
  if (wanted) return named(contexts, wanted, `context "${wanted}"`, 'set the input context to one of these');
  throw new InputError([`kubeconfig: it has no current-context (has: ${names(contexts)}); set the input context`]);
}

function named<T extends { readonly name: string }>(
  list: readonly T[],
  name: string,
  label: string,
  advice = 'correct the kubeconfig',
): T {
  const found = list.find((entry) => entry.name === name);
  if (found) return found;
  throw new InputError([`kubeconfig: ${label} does not exist (has: ${names(list)}); ${advice}`]);
}

function names(list: readonly { readonly name: string }[]): string {
  return list.map(({ name }) => name).join(', ') || 'none';
}

function checkServer({ name, server, proxyUrl, skipTLSVerify }: Cluster): void {
  const protocol = URL.parse(server)?.protocol;
  if (protocol !== 'https:' && protocol !== 'http:') {
    throw new InputError([
      `kubeconfig: the server of cluster "${name}" is no URL (${oneLine(server)}); give https://host:port`,
    ]);
  }
  if (protocol === 'http:' && !skipTLSVerify) {
    throw new InputError([
      `kubeconfig: cluster "${name}" would get credentials over plain http; use https, or allow it with insecure-skip-tls-verify: true`,
    ]);
  }
  if (proxyUrl && !['http:', 'https:'].includes(URL.parse(proxyUrl)?.protocol ?? '')) {
    throw new InputError([`kubeconfig: the proxy-url of cluster "${name}" is no http or https URL; correct it`]);
  }
}
