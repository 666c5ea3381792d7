import type { ApiAccess } from './api-client.ts';

/** A kubeconfig with one context, as JSON, which is YAML. */
export function kubeconfigText({ server, ca, credentials }: ApiAccess, namespace: string): string {
  const user =
    'token' in credentials
      ? { token: credentials.token }
      : { 'client-certificate-data': base64(credentials.cert), 'client-key-data': base64(credentials.key) };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'desk',
    clusters: [{ name: 'desk', cluster: { server, 'certificate-authority-data': base64(ca) } }],
    users: [{ name: 'desk', user }],
    contexts: [{ name: 'desk', context: { cluster: 'desk', user: 'desk', namespace } }],
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
