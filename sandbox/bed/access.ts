import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Somebody whom the bed's API server knows by a token. */
export interface Identity {
  /** Kubernetes' user name, which role bindings name. */
  readonly user: string;
  readonly token: string;
  readonly groups: readonly string[];
}

/** The user that may do everything. */
export const admin = 'admin';

/** The users of the bed's own programs. */
export const programUsers = { controllers: 'bed:controllers', scheduler: 'bed:scheduler', node: 'bed:node' } as const;

/** Gives a token to the admin, to the bed's programs (all in system:masters) and to test identities (in no group). */
export function makeIdentities(users: readonly string[]): readonly Identity[] {
  const identity = (user: string, groups: readonly string[]) => ({
    user,
    groups,
    token: randomBytes(16).toString('hex'),
  });
  const masters = [admin, ...Object.values(programUsers)].map((user) => identity(user, ['system:masters']));
  return [...masters, ...users.map((user) => identity(user, []))];
}

/** The API server's `--token-auth-file`: token, user, user id, groups. */
export function tokenFile(identities: readonly Identity[]): string {
  return identities.map(({ token, user, groups }) => `${token},${user},${user},"${groups.join(',')}"\n`).join('');
}

/** Writes a kubeconfig, readable by its owner only, and returns its path. */
export function writeKubeconfig(folder: string, server: string, authorityPem: string, identity: Identity): string {
  const path = join(folder, `${identity.user.replaceAll(':', '-')}.kubeconfig`);
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'bed',
    clusters: [{ name: 'bed', cluster: { server, 'certificate-authority-data': base64(authorityPem) } }],
    users: [{ name: identity.user, user: { token: identity.token } }],
    contexts: [{ name: 'bed', context: { cluster: 'bed', user: identity.user } }],
  };
  // JSON is YAML.
  writeFileSync(path, `${JSON.stringify(kubeconfig, null, 2)}\n`, { mode: 0o600 });
  return path;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
