import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createCertificate } from '../cluster/server/certificate.ts';
import type { ApiClient } from './api-client.ts';

/**
 * Serves an admission webhook for the new pods of a namespace on an address that the API server reaches: the first calls
 * get no answer within its time-out of a second, all others are admitted. Returns how to take it down.
 */
export async function openSlowWebhook(
  api: ApiClient,
  address: string,
  namespace: string,
  timeOuts: number,
): Promise<() => Promise<void>> {
  const { cert, key } = await createCertificate(address);
  let left = timeOuts;
  const server = createServer({ cert, key }, async (incoming, outgoing) => {
    const { request } = JSON.parse(Buffer.concat(await incoming.toArray()).toString());
    left -= 1;
    if (left >= 0) return;
    const response = { uid: request.uid, allowed: true };
    outgoing.setHeader('content-type', 'application/json');
    outgoing.end(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response }));
  });
  await once(server.listen(0, address), 'listening');
  const url = `https://${address}:${(server.address() as AddressInfo).port}/`;
  const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
  await api.json({ method: 'POST', path, body: configuration(namespace, url, cert) });
  return async () => {
    await api.send({ method: 'DELETE', path: `${path}/${namespace}` });
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
}

function configuration(namespace: string, url: string, cert: string) {
  const webhook = {
    name: 'slow.rollkey.test',
    admissionReviewVersions: ['v1'],
    sideEffects: 'None',
    timeoutSeconds: 1,
    failurePolicy: 'Fail',
    clientConfig: { url, caBundle: Buffer.from(cert).toString('base64') },
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
  };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: namespace },
    webhooks: [webhook],
  };
}
