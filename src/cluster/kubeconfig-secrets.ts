import type { User } from '@kubernetes/client-node/dist/config_types.js';

// Shorter values would hide ordinary words of the log, and drop outputs that contain them.
const SHORTEST = 8;

/** Every string of a user that must not be seen in a log, a private key line by line, since masks work on lines. */
export function secretsOf({ token, password, keyData, authProvider }: Partial<User>): readonly string[] {
  const {
    'id-token': idToken,
    'refresh-token': refreshToken,
    'access-token': accessToken,
    ...provider
  } = authProvider?.config ?? {};
  return maskable([
    token,
    password,
    keyData,
    idToken,
    refreshToken,
    accessToken,
    provider['client-secret'],
    pem(keyData),
  ]);
}

/** What must not be seen of the credentials that go with a request. */
export function secretsOfRequest(headers: Readonly<Record<string, string>>, key: unknown): readonly string[] {
  const credentials = headers['Authorization']?.replace(/^\w+ /, '');
  return maskable([credentials, key?.toString()]);
}

function pem(keyData: string | undefined): string | undefined {
  return keyData && Buffer.from(keyData, 'base64').toString('utf8');
}

function maskable(values: readonly unknown[]): readonly string[] {
  const lines = values.flatMap((value) => (typeof value === 'string' ? value.split(/\r?\n/) : []));
  return [...new Set(lines.map((line) => line.trim()))].filter(
    (line) => line.length >= SHORTEST && !line.startsWith('-----'),
  );
}
