import { dump } from 'js-yaml';

/** A kubeconfig with one context, as YAML. */
export const kubeconfigFor = (server: string, caData: string, token: string, namespace: string): string =>
  dump({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'sandbox',
    clusters: [{ name: 'sandbox', cluster: { server, 'certificate-authority-data': caData } }],
    users: [{ name: 'sandbox', user: { token } }],
    contexts: [{ name: 'sandbox', context: { cluster: 'sandbox', user: 'sandbox', namespace } }],
  });
