import type { ApiClient } from './api-client.ts';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';
const manager = 'fieldManager=kubectl-client-side-apply';
const userAgent = 'kubectl/v1.35.4 (linux/amd64) kubernetes/sandbox';

/** Creates an object in a namespace or merges the manifest into it, as client-side `kubectl apply` does. */
export async function applyManifest(api: ApiClient, namespace: string, manifest: Manifest): Promise<void> {
  const collection = collectionOf(manifest, namespace);
  const { metadata } = manifest;
  const annotations = { ...metadata.annotations, [lastApplied]: `${JSON.stringify(manifest)}\n` };
  const body = { ...manifest, metadata: { ...metadata, annotations } };
  const created = await api.send({ method: 'POST', path: `${collection}?${manager}`, body, userAgent });
  if (created.status < 400) return;
  if (created.status !== 409) throw new Error(`${manifest.kind} ${metadata.name}: ${created.text}`);
  await api.json({
    method: 'PATCH',
    path: `${collection}/${metadata.name}?${manager}`,
    body,
    contentType: 'application/strategic-merge-patch+json',
    userAgent,
  });
}

/** Where objects of a kind are; `namespace` counts for the kinds that have one. */
export function collectionOf({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>, namespace: string): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const plural = `${kind.toLowerCase()}s`.replace(/ys$/, 'ies');
  return clusterWide.test(apiVersion) ? `${root}/${plural}` : `${root}/namespaces/${namespace}/${plural}`;
}

const clusterWide = /^admissionregistration\./;
