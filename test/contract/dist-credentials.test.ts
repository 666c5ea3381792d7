import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { generate } from 'selfsigned';

// The bundle loads what these credentials need apart from the rest: src/ cannot show that it is there.
let folder: string;
let server: Server;
let requests: IncomingMessage[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollkey-credentials-'));
  requests = [];
  const record = (request: IncomingMessage) => requests.push(request);
  server = createServer((request, response) => {
    record(request);
    response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
  });
  server.on('connect', (request, socket) => {
    record(request);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

async function history(user: object, cluster: object = {}, environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const kubeconfig = {
    'current-context': 'dev',
    clusters: [
      {
        name: 'c1',
        cluster: {
          server: url,
          'insecure-skip-tls-verify': true,
          ...cluster,
          ...('proxy-url' in cluster && { 'proxy-url': url }),
        },
      },
    ],
    users: [{ name: 'u1', user }],
    contexts: [{ name: 'dev', context: { cluster: 'c1', user: 'u1' } }],
  };
  await writeFile(join(folder, 'config'), JSON.stringify(kubeconfig));
  const child = spawn(process.execPath, ['dist/history.js'], {
    env: { PATH: process.env['PATH'], KUBECONFIG: join(folder, 'config'), INPUT_DEPLOYMENT: 'web', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return output + errors;
}

const jwt = (claims: object) =>
  ['{"alg":"RS256"}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

test('an OIDC token that is still valid goes with the request', async () => {
  const token = jwt({ exp: 4_000_000_000 });
  const output = await history({ 'auth-provider': { name: 'oidc', config: { 'id-token': token } } });
  expect(requests[0]?.headers.authorization).toBe(`Bearer ${token}`);
  expect(output).toContain(`::add-mask::${token}`);
});

test('an expired OIDC token is renewed at its issuer, and the new one is masked', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  const tokensIssued: string[] = [];
  const issuer = createSecureServer({ key, cert }, (request, response) => {
    const url = `https://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
    const seconds = Math.floor(Date.now() / 1000);
    // The token is renewed for more than one request; each time the issuer's is another one.
    const issued = jwt({ iss: url, aud: 'rollkey', sub: 'ann', iat: seconds, exp: seconds + 3600 });
    if (request.url === '/token') tokensIssued.push(issued);
    const metadata = { issuer: url, token_endpoint: `${url}/token`, authorization_endpoint: url, jwks_uri: url };
    const tokens = {
      access_token: 'a',
      token_type: 'bearer',
      refresh_token: 'next',
      id_token: issued,
      expires_in: 3600,
    };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(request.url === '/token' ? tokens : metadata));
  });
  issuer.listen(0, '127.0.0.1');
  await once(issuer, 'listening');
  await writeFile(join(folder, 'ca.crt'), cert);
  const config = {
    'id-token': jwt({ exp: 1 }),
    'refresh-token': 'refresh-token',
    'client-id': 'rollkey',
    'idp-issuer-url': `https://127.0.0.1:${(issuer.address() as AddressInfo).port}`,
  };
  const user = { 'auth-provider': { name: 'oidc', config } };

  const output = await history(user, {}, { NODE_EXTRA_CA_CERTS: join(folder, 'ca.crt') });
  expect(tokensIssued.map((token) => `Bearer ${token}`)).toContain(requests[0]?.headers.authorization);
  for (const token of tokensIssued) expect(output).toContain(`::add-mask::${token}`);

  issuer.close();
  expect(await history(user)).toMatch(/kubeconfig: user "u1" has no usable credentials \(fetch failed\); renew them/);
});

test('a command that an auth provider names gives the token', async () => {
  const config = {
    'cmd-path': process.execPath,
    'cmd-args': `-p 'JSON.stringify({ t: { v: "gcp-token-1" }, e: "2099-01-01T00:00:00Z" })'`,
    'token-key': '{.t.v}',
    'expiry-key': '{.e}',
  };
  await history({ 'auth-provider': { name: 'gcp', config } });
  expect(requests[0]?.headers.authorization).toBe('Bearer gcp-token-1');
});

test('a proxy-url is asked for a tunnel to the server', async () => {
  await history({ token: 'token-of-u1' }, { server: 'https://cluster.example:6443', 'proxy-url': 'here' });
  expect(requests[0]).toMatchObject({ method: 'CONNECT', url: 'cluster.example:6443' });
});
