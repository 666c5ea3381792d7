import type { RequestOptions } from 'node:https';
import type { Cluster, Context, User } from '@kubernetes/client-node/dist/config_types.js';
import { ClusterError, errorMessage } from '../errors.ts';
import type { Access } from './connection.ts';
import { secretsOfRequest } from './kubeconfig-secrets.ts';
import { oneLine } from './one-line.ts';

export interface Identity {
  readonly cluster: Cluster;
  readonly context: Context;
  readonly user: User | undefined;
}

const PLUGIN_SECONDS = 60;
const NOBODY: User = { name: '' };

/**
 * Credentials of a context: tokens, certificates, exec plugins and OIDC as the library handles them. Each `authorize`
 * renews what has expired. Throws ClusterError `unauthorized`, naming the plugin or file that gave none.
 */
export async function openCredentials(
  { cluster, context, user = NOBODY }: Identity,
  mask: (secret: string) => void,
): Promise<Pick<Access, 'tls' | 'authorize'>> {
  const { KubeConfig } = await import('./kubeconfig-library.ts');
  const library = new KubeConfig();
  library.loadFromOptions({
    clusters: [cluster],
    users: [{ ...user, exec: withExecInfo(user.exec, cluster), authProvider: withIssuer(user.authProvider) }],
    // The library ignores a cluster's own settings where the context has no user.
    contexts: [{ ...context, user: user.name }],
    currentContext: context.name,
  });

  let running: Promise<RequestOptions> | undefined;
  // Several requests at once must not run a plugin several times.
  const obtain = () => {
    running ??= obtainOnce().finally(() => {
      running = undefined;
    });
    return running;
  };

  async function obtainOnce(): Promise<RequestOptions> {
    const options: RequestOptions = {};
    try {
      await withinSeconds(library.applyToHTTPSOptions(options), PLUGIN_SECONDS);
    } catch (error) {
      throw new ClusterError('unauthorized', `kubeconfig: ${explain(error, user)}`, { cause: error });
    }
    secretsOfRequest(headersOf(options), options.key).forEach(mask);
    return options;
  }

  const { ca, cert, key, servername, rejectUnauthorized } = await obtain();
  return {
    tls: {
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(servername !== undefined && { servername }),
      ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
    },
    authorize: async () => headersOf(await obtain()),
  };
}

function headersOf({ headers, auth }: RequestOptions): Readonly<Record<string, string>> {
  const basic = auth ? { Authorization: `Basic ${Buffer.from(auth).toString('base64')}` } : {};
  return { ...basic, ...(headers as Record<string, string>) };
}

// https://kubernetes.io/docs/reference/access-authn-authz/authentication/#input-and-output-formats
function withExecInfo(exec: User['exec'], cluster: Cluster): User['exec'] {
  if (!exec) return exec;
  const { server, caData, tlsServerName, skipTLSVerify, proxyUrl } = cluster;
  const described = {
    server,
    'tls-server-name': tlsServerName,
    'insecure-skip-tls-verify': skipTLSVerify,
    'certificate-authority-data': caData,
    'proxy-url': proxyUrl,
  };
  const info = {
    kind: 'ExecCredential',
    apiVersion: exec.apiVersion,
    spec: { interactive: false, ...(exec.provideClusterInfo && { cluster: described }) },
  };
  return { ...exec, env: [...(exec.env ?? []), { name: 'KUBERNETES_EXEC_INFO', value: JSON.stringify(info) }] };
}

// The library hands the issuer to openid-client as text, which takes nothing but a URL.
function withIssuer(provider: User['authProvider']): User['authProvider'] {
  const issuer = URL.parse(provider?.config?.['idp-issuer-url'] ?? '');
  return issuer === null ? provider : { ...provider, config: { ...provider.config, 'idp-issuer-url': issuer } };
}

async function withinSeconds<T>(promise: Promise<T>, seconds: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${seconds} s`)), seconds * 1000);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function explain(error: unknown, { name, exec, authProvider }: User): string {
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  const command = exec?.command ?? authProvider?.config?.exec?.command;
  const reason = oneLine(errorMessage(error)) || 'it printed nothing';
  if (code === 'ENOENT' && syscall?.startsWith('spawn')) {
    return `the exec plugin ${command} of user "${name}" is not on this runner; install it before this step`;
  }
  if (path !== undefined && !syscall?.startsWith('spawn')) {
    return `${path}, which user "${name}" or its cluster names, cannot be read (${code}); provide the file`;
  }
  if (command !== undefined) {
    return `the exec plugin ${command} of user "${name}" failed (${reason}); run it by hand on this runner`;
  }
  return `user "${name}" has no usable credentials (${reason}); renew them`;
}
