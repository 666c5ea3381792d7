import { type ApiAccess, createApiClient } from './api-client.ts';

/** Asks the API server for a token of a ServiceAccount, good for an hour (TokenRequest). */
export async function requestToken(admin: ApiAccess, namespace: string, serviceAccount: string): Promise<string> {
  const api = createApiClient(admin);
  try {
    const { status } = await api.json<{ readonly status: { readonly token: string } }>({
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/serviceaccounts/${serviceAccount}/token`,
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } },
    });
    return status.token;
  } finally {
    api.close();
  }
}
