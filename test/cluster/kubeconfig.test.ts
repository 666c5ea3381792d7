import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadKubeconfig } from '../../src/cluster/kubeconfig.ts';
import { removeKubeconfig, writeKubeconfig } from '../../src/cluster/kubeconfig-file.ts';
import { findKubeconfig } from '../../src/cluster/kubeconfig-source.ts';

const KEY_LINE = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ';
const KEY = `-----BEGIN PRIVATE KEY-----\n${KEY_LINE}\n-----END PRIVATE KEY-----\n`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollkey-kubeconfig-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Parts {
  readonly cluster?: object;
  readonly user?: object | null;
  readonly context?: object;
  readonly rest?: object;
}

function kubeconfig({ cluster, user = { token: 'token-of-dev' }, context, rest }: Parts = {}): string {
  return JSON.stringify({
    'current-context': 'dev',
    clusters: [{ name: 'c1', cluster: { server: 'https://c1.example:6443', ...cluster } }],
    users: user === null ? [] : [{ name: 'u1', user }],
    contexts: [
      { name: 'dev', context: { cluster: 'c1', ...(user === null ? {} : { user: 'u1' }), ...context } },
      { name: 'staging', context: { cluster: 'c1', user: 'u1' } },
    ],
    ...rest,
  });
}

async function load(content: string, context?: string) {
  const masked: string[] = [];
  const path = await writeKubeconfig(content, folder);
  const loaded = await loadKubeconfig({ context, environment: { KUBECONFIG: path } }, (secret) => masked.push(secret));
  return { ...loaded, masked };
}

async function plugin(name: string, body: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `#!${process.execPath}\n${body}`, { mode: 0o755 });
  return path;
}

describe('a context', () => {
  test('is the current one, in the namespace default, with its token', async () => {
    const context = await load(kubeconfig());
    expect(context).toMatchObject({
      contextName: 'dev',
      namespace: 'default',
      user: 'u1',
      server: 'https://c1.example:6443',
      proxy: undefined,
      tls: {},
    });
    expect(await context.authorize()).toEqual({ Authorization: 'Bearer token-of-dev' });
  });

  test('is the one asked for', async () => {
    expect(await load(kubeconfig(), 'staging')).toMatchObject({ contextName: 'staging' });
  });

  test('brings its namespace, proxy, TLS material and the user to act as', async () => {
    const context = await load(
      kubeconfig({
        cluster: {
          'certificate-authority-data': base64('the CA'),
          'tls-server-name': 'kubernetes',
          'proxy-url': 'http://proxy.example:3128',
        },
        user: { 'client-certificate-data': base64('the certificate'), 'client-key-data': base64(KEY), as: 'deployer' },
        context: { namespace: 'shop' },
      }),
    );
    expect(context).toMatchObject({
      namespace: 'shop',
      proxy: 'http://proxy.example:3128',
      tls: {
        ca: Buffer.from('the CA'),
        cert: Buffer.from('the certificate'),
        key: Buffer.from(KEY),
        servername: 'kubernetes',
      },
    });
    expect(await context.authorize()).toEqual({ 'Impersonate-User': 'deployer' });
  });

  test('without a user keeps the TLS settings of its cluster', async () => {
    const context = await load(kubeconfig({ cluster: { 'insecure-skip-tls-verify': true }, user: null }));
    expect(context).toMatchObject({ user: undefined, tls: { rejectUnauthorized: false } });
    expect(await context.authorize()).toEqual({});
  });

  test('takes a name and a password', async () => {
    const context = await load(kubeconfig({ user: { username: 'ann', password: 'correct horse' } }));
    expect(await context.authorize()).toEqual({ Authorization: `Basic ${base64('ann:correct horse')}` });
    expect(context.masked).toEqual(expect.arrayContaining(['correct horse', base64('ann:correct horse')]));
  });

  test('takes plain http only where the kubeconfig allows it', async () => {
    const cluster = { server: 'http://127.0.0.1:8001', 'insecure-skip-tls-verify': true };
    expect(await load(kubeconfig({ cluster }))).toMatchObject({ server: 'http://127.0.0.1:8001' });
  });
});

describe('masks', () => {
  test('hold every secret of every user, and a private key line by line', async () => {
    const users = [
      { name: 'u1', user: { 'client-key-data': base64(KEY), password: 'short' } },
      { name: 'u2', user: { token: 'token-of-another' } },
      {
        name: 'u3',
        user: {
          'auth-provider': { name: 'oidc', config: { 'id-token': 'a.b.c.d.e', 'client-secret': 'oidc-secret' } },
        },
      },
    ];
    const { masked } = await load(kubeconfig({ rest: { users } }));
    expect([...new Set(masked)].sort()).toEqual(
      [KEY_LINE, base64(KEY), 'a.b.c.d.e', 'oidc-secret', 'token-of-another'].sort(),
    );
  });
});

describe('an exec plugin', () => {
  test('gives a token, masked before it is used, and runs once while that is valid', async () => {
    const runs = join(folder, 'runs');
    const command = await plugin(
      'token-plugin',
      `const fs = require('node:fs'); fs.appendFileSync(${JSON.stringify(runs)}, 'x');
       const { apiVersion, spec } = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
       console.log(JSON.stringify({ apiVersion, kind: 'ExecCredential', status: { token: 'exec-token-' + process.argv[2] + process.env.ROLE + spec.interactive } }));`,
    );
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command,
      args: ['a'],
      env: [{ name: 'ROLE', value: 'b' }],
    };
    const context = await load(kubeconfig({ user: { exec } }));
    const headers = await Promise.all([context.authorize(), context.authorize()]);
    expect(headers[1]).toEqual({ Authorization: 'Bearer exec-token-abfalse' });
    expect(context.masked).toContain('exec-token-abfalse');
    expect((await stat(runs)).size).toBe(1);
  });

  test('renews an expired token, once for several requests, and masks the new one', async () => {
    const runs = join(folder, 'renewals');
    const command = await plugin(
      'renewing-plugin',
      `const fs = require('node:fs'); fs.appendFileSync(${JSON.stringify(runs)}, 'x');
       const status = { token: 'renewed-token-' + fs.statSync(${JSON.stringify(runs)}).size, expirationTimestamp: '2020-01-01T00:00:00Z' };
       console.log(JSON.stringify({ kind: 'ExecCredential', status }));`,
    );
    const context = await load(kubeconfig({ user: { exec: { command } } }));
    const headers = await Promise.all([context.authorize(), context.authorize()]);
    expect(headers).toEqual(Array(2).fill({ Authorization: 'Bearer renewed-token-2' }));
    expect(context.masked).toEqual(expect.arrayContaining(['renewed-token-1', 'renewed-token-2']));
  });

  test('gives a client certificate', async () => {
    const status = { clientCertificateData: 'the certificate', clientKeyData: KEY };
    const command = await plugin('certificate-plugin', `console.log(${JSON.stringify(JSON.stringify({ status }))})`);
    const context = await load(kubeconfig({ user: { exec: { command } } }));
    expect(context.tls).toEqual({ cert: 'the certificate', key: KEY });
    expect(context.masked).toContain(KEY_LINE);
  });

  test.each([
    [
      'is missing',
      'no-such-plugin',
      'the exec plugin no-such-plugin of user "u1" is not on this runner; install it before this step',
    ],
    [
      'fails',
      'console.error("no\\nlogin"); process.exit(3)',
      /^kubeconfig: the exec plugin \S+ of user "u1" failed \(no login\); run it/,
    ],
    [
      'prints no JSON',
      'console.log("hello")',
      /^kubeconfig: the exec plugin \S+ of user "u1" failed \(.*JSON.*\); run it/,
    ],
    ['gives no status', 'console.log("{}")', /^kubeconfig: the exec plugin \S+ of user "u1" failed \(.+\); run it/],
  ])('that %s is named', async (title, body, message) => {
    const command = body.includes(' ') || body.includes('(') ? await plugin(title.replaceAll(' ', '-'), body) : body;
    await expect(load(kubeconfig({ user: { exec: { command } } }))).rejects.toMatchObject({
      name: 'ClusterError',
      kind: 'unauthorized',
      message: typeof message === 'string' ? `kubeconfig: ${message}` : expect.stringMatching(message),
    });
  });
});

test.each<[string, string, string | undefined, string]>([
  [
    'a wrong context',
    kubeconfig(),
    'prod',
    'context "prod" does not exist (has: dev, staging); set the input context to one of these',
  ],
  [
    'no current context',
    kubeconfig({ rest: { 'current-context': '' } }),
    undefined,
    'it has no current-context (has: dev, staging); set the input context',
  ],
  [
    'an unknown cluster',
    kubeconfig({ context: { cluster: 'c2' } }),
    undefined,
    'cluster "c2" of context "dev" does not exist (has: c1); correct the kubeconfig',
  ],
  [
    'an unknown user',
    kubeconfig({ context: { user: 'u2' } }),
    undefined,
    'user "u2" of context "dev" does not exist (has: u1); correct the kubeconfig',
  ],
  [
    'no server',
    kubeconfig({ cluster: { server: '' } }),
    undefined,
    'clusters[0].cluster.server is missing; check its content',
  ],
  [
    'a server that is no URL',
    kubeconfig({ cluster: { server: 'c1:6443' } }),
    undefined,
    'the server of cluster "c1" is no URL (c1:6443); give https://host:port',
  ],
  [
    'plain http',
    kubeconfig({ cluster: { server: 'http://c1' } }),
    undefined,
    'cluster "c1" would get credentials over plain http; use https, or allow it with insecure-skip-tls-verify: true',
  ],
  [
    'a SOCKS proxy',
    kubeconfig({ cluster: { 'proxy-url': 'socks5://localhost:1080' } }),
    undefined,
    'the proxy-url of cluster "c1" is no http or https URL; correct it',
  ],
  [
    'broken YAML',
    'a: 1\nusers: [{ token: secret-token\n',
    undefined,
    expect.stringMatching(/^not YAML \(.+ in line \d+\); check its content$/) as unknown as string,
  ],
  ['base64', base64(kubeconfig()), undefined, 'it is one piece of text; if it is base64, decode it first'],
  ['a list', '- a\n', undefined, 'it holds no clusters, users and contexts; check its content'],
])('%s is one problem that says what to do', async (_title, content, context, problem) => {
  const error: unknown = await load(content, context).then(
    () => undefined,
    (reason) => reason,
  );
  expect(error).toMatchObject({ name: 'InputError' });
  const { message } = error as Error;
  expect(message).toMatch(/^kubeconfig: [^\n]+$/);
  expect(message.slice('kubeconfig: '.length)).toEqual(problem);
  expect(message).not.toContain('secret-token');
});

test('a missing certificate file is named', async () => {
  const user = { 'client-certificate': join(folder, 'no-such.crt') };
  await expect(load(kubeconfig({ user }))).rejects.toThrow(
    `kubeconfig: ${join(folder, 'no-such.crt')}, which user "u1" or its cluster names, cannot be read (ENOENT); provide the file`,
  );
});

describe('a kubeconfig is found:', () => {
  const find = (environment: Record<string, string>) => loadKubeconfig({ environment }, () => undefined);

  test('the files of KUBECONFIG are merged: the first to set a name or the current context wins, missing ones are skipped', async () => {
    const elsewhere = join(folder, 'elsewhere');
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, 'ca.crt'), 'CA of c2');
    await writeFile(join(elsewhere, 'token'), 'token-in-a-file');
    await writeFile(join(folder, 'first'), kubeconfig({ rest: { 'current-context': 'second' } }));
    await writeFile(
      join(elsewhere, 'second'),
      JSON.stringify({
        'current-context': 'dev',
        clusters: [
          { name: 'c1', cluster: { server: 'https://hidden.example' } },
          { name: 'c2', cluster: { server: 'https://c2.example/', 'certificate-authority': 'ca.crt' } },
        ],
        users: [{ name: 'u2', user: { tokenFile: 'token' } }],
        contexts: [{ name: 'second', context: { cluster: 'c2', user: 'u2' } }],
      }),
    );
    const files = [join(folder, 'first'), join(folder, 'missing'), join(elsewhere, 'second')];
    const context = await find({ KUBECONFIG: files.join(delimiter) });
    expect(context).toMatchObject({
      contextName: 'second',
      server: 'https://c2.example',
      tls: { ca: Buffer.from('CA of c2') },
    });
    expect(await context.authorize()).toEqual({ Authorization: 'Bearer token-in-a-file' });
  });

  test('~/.kube/config is read', async () => {
    await mkdir(join(folder, 'home', '.kube'), { recursive: true });
    await writeFile(join(folder, 'home', '.kube', 'config'), kubeconfig());
    expect(await find({ HOME: join(folder, 'home') })).toMatchObject({ contextName: 'dev' });
  });

  test("a pod's service account comes last", async () => {
    const account = join(folder, 'pod', 'var/run/secrets/kubernetes.io/serviceaccount');
    await mkdir(account, { recursive: true });
    await writeFile(join(account, 'token'), 'token-of-the-pod');
    const environment = { HOME: folder, KUBERNETES_SERVICE_HOST: '10.0.0.1' };
    expect(await findKubeconfig({ environment }, join(folder, 'pod'))).toBe('in-cluster');
    await expect(findKubeconfig({ environment: { HOME: folder } }, join(folder, 'pod'))).rejects.toThrow('none found');
  });

  test('nothing at all says what to give', async () => {
    await expect(find({ HOME: folder })).rejects.toThrow(
      /^kubeconfig: none found \(.+\); give its content in the input kubeconfig$/,
    );
    await expect(find({ KUBECONFIG: '/no/such' })).rejects.toThrow(
      'kubeconfig: KUBECONFIG names /no/such, which does not exist; correct it',
    );
  });
});

test('a kubeconfig file is for this user only, and goes without a trace', async () => {
  const temporary = await mkdtemp(join(folder, 'runner-temp-'));
  const path = await writeKubeconfig('content', temporary);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await removeKubeconfig(path);
  expect(await readdir(temporary)).toEqual([]);
  await removeKubeconfig(path);
});
