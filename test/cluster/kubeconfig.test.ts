import { describe, expect, test } from '@jest/globals';
import { base64, kubeconfig, load } from './kubeconfig-sample.ts';

const KEY_LINE = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ';
const KEY = `-----BEGIN PRIVATE KEY-----\n${KEY_LINE}\n-----END PRIVATE KEY-----\n`;
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
