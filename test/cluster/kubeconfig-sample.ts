import { tmpdir } from 'node:os';
import { type KubeContext, loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { removeKubeconfig, writeKubeconfig } from '../../src/cluster/kubeconfig-file.ts';

export interface KubeconfigParts {
  readonly cluster?: object;
  readonly user?: object | null;
  readonly context?: object;
  readonly rest?: object;
}

/** A kubeconfig with the contexts dev, the current one, and staging. */
export function kubeconfig({ cluster, user = { token: 'token-of-dev' }, context, rest }: KubeconfigParts = {}): string {
  return JSON.stringify({
    'current-context': 'dev',
    clusters: [{ name: 'c1', cluster: { server: 'https://c1.example:6443', ...cluster } }],
    users: user === null ? [] : [{ name: 'u1', user }],
    contexts: [
      { name: 'dev', context: { cluster: 'c1', ...(user === null ? {} : { user: 'u1' }), ...context } },
      { name: 'staging', context: { cluster: 'c1', user: 'u1' } },
    ],
    ...rest,
  });
}

/** Loads a kubeconfig of this content from a file of its own, and notes what was masked. */
export async function load(content: string, context?: string): Promise<KubeContext & { readonly masked: string[] }> {
  const masked: string[] = [];
  const path = await writeKubeconfig(content, tmpdir());
  try {
    const loaded = await loadKubeconfig({ context, environment: { KUBECONFIG: path } }, (secret) =>
      masked.push(secret),
    );
    return { ...loaded, masked };
  } finally {
    await removeKubeconfig(path);
  }
}

export const base64 = (text: string) => Buffer.from(text).toString('base64');
