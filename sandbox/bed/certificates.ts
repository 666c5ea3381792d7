import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command.ts';

export interface Certificates {
  /** Paths of PEM files. The server's pair also signs and checks the tokens of service accounts. */
  readonly authority: string;
  readonly server: string;
  readonly serverKey: string;
  /** The authority's certificate itself, PEM. */
  readonly authorityPem: string;
}

/** Makes the API server's certificates in a folder, for one address and for 127.0.0.1. */
export async function makeCertificates(folder: string, address: string): Promise<Certificates> {
  mkdirSync(folder);
  const file = (name: string) => join(folder, name);
  const key = ['req', '-x509', '-days', '30', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await run('openssl', [...key, '-keyout', file('ca.key'), '-out', file('ca.crt'), '-subj', '/CN=rollkey-bed']);
  const names = `subjectAltName=IP:${address},IP:127.0.0.1,DNS:localhost,DNS:kubernetes.default.svc`;
  await run('openssl', [
    ...[...key, '-keyout', file('server.key'), '-out', file('server.crt'), '-subj', '/CN=kube-apiserver'],
    ...['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-addext', names, '-addext', 'basicConstraints=CA:FALSE'],
  ]);
  return {
    authority: file('ca.crt'),
    server: file('server.crt'),
    serverKey: file('server.key'),
    authorityPem: readFileSync(file('ca.crt'), 'utf8'),
  };
}
