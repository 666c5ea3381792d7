import { access, readFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { InputError } from '../errors.ts';

export interface KubeconfigSource {
  /** Name of a context; empty or absent for the kubeconfig's current one. */
  readonly context?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface KubeconfigText {
  readonly text: string;
  /** What relative paths in it start from. */
  readonly folder: string;
}

const SERVICE_ACCOUNT_TOKEN = 'var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * Finds the kubeconfig in the order of kubectl: the files in KUBECONFIG that exist, ~/.kube/config, and at last
 * the service account of the pod that this runs in. Throws InputError when there is none.
 */
export async function findKubeconfig(
  { environment }: KubeconfigSource,
  root = '/',
): Promise<readonly KubeconfigText[] | 'in-cluster'> {
  const listed = environment['KUBECONFIG']?.split(delimiter).filter(Boolean) ?? [];
  const home = environment['HOME'] ?? environment['USERPROFILE'];
  const paths = listed.length > 0 ? listed : home ? [join(home, '.kube', 'config')] : [];
  const texts = (await Promise.all(paths.map(readIfPresent))).filter((text) => text !== undefined);
  if (texts.length > 0) return texts;

  if (listed.length > 0) {
    throw new InputError([`kubeconfig: KUBECONFIG names ${listed.join(', ')}, which does not exist; correct it`]);
  }
  if (environment['KUBERNETES_SERVICE_HOST'] && (await exists(join(root, SERVICE_ACCOUNT_TOKEN)))) return 'in-cluster';
  throw new InputError([
    'kubeconfig: none found (KUBECONFIG is not set, there is no ~/.kube/config, and this is not a pod with a service account); give its content in the input kubeconfig',
  ]);
}

async function readIfPresent(path: string): Promise<KubeconfigText | undefined> {
  try {
    return { text: await readFile(path, 'utf8'), folder: dirname(resolve(path)) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new InputError([`kubeconfig: ${path} cannot be read (${code}); check the file and its rights`]);
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
